import { InvalidInput } from './errors';
import type { Group, Operation } from './operation';

/** What a runtime can be limited to, so that a small machine need not claim what it cannot do. */
export const capabilities = ['media', 'speech', 'storage'] as const;
export type Capability = (typeof capabilities)[number];

/** Utilities are offered everywhere. */
const capabilityOf: Record<Group, Capability | undefined> = { speech: 'speech', audio: 'media', video: 'media', image: 'media', storage: 'storage', utility: undefined };

export function isOffered({ group }: Pick<Operation, 'group'>, offered: readonly Capability[]): boolean {
	const needed = capabilityOf[group];
	return needed === undefined || offered.includes(needed);
}

/** The error for what this runtime was told to leave to others. */
export const notOffered = (what: string, needed: Capability, offered: readonly Capability[]) =>
	new InvalidInput(`Expected a runtime with the capability "${needed}" for ${what}; this one offers ${offered.join(', ')}. Add "${needed}" to its AI_AGENT_TOOLS_CAPABILITIES, or send the job elsewhere`, {
		field: 'operation',
		code: 'capability_missing',
	});

/** Throws unless the operation belongs to what is offered. */
export function requireOffered({ name, group }: Operation, offered: readonly Capability[]): void {
	const needed = capabilityOf[group];
	if (needed !== undefined && !offered.includes(needed)) throw notOffered(name, needed, offered);
}
