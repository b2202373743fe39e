import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Result } from '../../src/execute';
import { tellsOfMachine } from '../../src/fields';
import type { Operation } from '../../src/operation';
import type { Finding } from '../../src/runtime';

/** Adds to what a machine tells of itself what only n8n knows. */
export function withNodeFindings(context: Pick<IExecuteFunctions, 'getNode'>, operation: Operation, result: Result): Result {
	if (!tellsOfMachine(operation) || !Array.isArray(result.findings)) return result;
	return { ...result, findings: [...(result.findings as Finding[]), n8n(context), credentials(context)] };
}

function n8n(context: Pick<IExecuteFunctions, 'getNode'>): Finding {
	const { type, typeVersion } = context.getNode();
	return { name: 'n8n', status: 'ok', detail: `${versionOfN8n(require.main?.filename) ?? 'of an unknown version'} on Node.js ${process.versions.node}; the node is ${type}, version ${typeVersion}` };
}

/** Types and names, as the list of credentials shows them; never what is in them. */
function credentials(context: Pick<IExecuteFunctions, 'getNode'>): Finding {
	const chosen = Object.entries(context.getNode().credentials ?? {}).map(([type, { name }]) => `${type} "${name}"`);
	return { name: 'credentials', status: 'ok', detail: chosen.join(', ') || 'none is chosen in this node' };
}

/** n8n tells nodes no version, but its package.json lies beside the folder of the program that was started. */
export function versionOfN8n(program: string | undefined): string | undefined {
	if (program === undefined) return undefined;
	try {
		const { name, version } = JSON.parse(readFileSync(join(program, '../../package.json'), 'utf8')) as Record<string, unknown>;
		return name === 'n8n' ? String(version) : undefined;
	} catch {
		// Another program runs the node: a test, or n8n in one file.
		return undefined;
	}
}
