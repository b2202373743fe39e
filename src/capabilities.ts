import { InvalidInput } from './errors';
import type { Group, Operation } from './operation';

/** What a runtime can be limited to, so that a small machine need not claim what it cannot do. */
export const capabilities = ['media', 'speech', 'storage'] as const;
export type Capability = (typeof capabilities)[number];

/** Utilities are offered everywhere. */
const capabilityOf: Record<Group, Capability | undefined> = { speech: 'speech', audio: 'media', video: 'media', image: 'media', storage: 'storage', utility: undefined };

/** The capability that an operation needs and a runtime does not have. */
function lackingFor({ group }: Pick<Operation, 'group'>, offered: readonly Capability[]): Capability | undefined {
	const needed = capabilityOf[group];
	return needed === undefined || offered.includes(needed) ? undefined : needed;
}

export const offeredOf = (operations: readonly Operation[], offered: readonly Capability[]) => operations.filter((operation) => lackingFor(operation, offered) === undefined);

/** The error for what this runtime was told to leave to others. */
export const notOffered = (what: string, needed: Capability, offered: readonly Capability[]) =>
	new InvalidInput(`Expected a runtime with the capability "${needed}" for ${what}; this one offers ${offered.join(', ')}. Add "${needed}" to its AI_AGENT_TOOLS_CAPABILITIES, or send the job elsewhere`, {
		field: 'operation',
		code: 'capability_missing',
	});

/** Throws unless the operation belongs to what is offered. */
export function requireOffered(operation: Operation, offered: readonly Capability[]): void {
	const lacking = lackingFor(operation, offered);
	if (lacking !== undefined) throw notOffered(operation.name, lacking, offered);
}
