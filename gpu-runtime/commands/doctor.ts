import { fromWireError } from '../../src/errors';
import type { Finding } from '../../src/runtime';
import { embeddedHost } from '../host';
import { withScratch } from '../scratch';
import { doctorTable } from './doctor-table';
import { readOptions } from './options';

/** Examines this machine through the embedded runtime, as n8n would meet it. Ends with 1 when something is missing. */
export async function doctor(args: string[]): Promise<number> {
	const { json } = readOptions({ args, options: { json: { type: 'boolean' } } }).values;
	const { host, scratchRoot } = await embeddedHost();
	const answer = await withScratch(scratchRoot, (folder) => host.run({ operation: 'doctor', input: {}, folder, signal: new AbortController().signal }));
	await host.close();
	if (answer.status === 'error') throw fromWireError(answer.error);
	const findings = answer.result.findings as Finding[];
	process.stdout.write(json ? `${JSON.stringify(answer.result, null, 2)}\n` : doctorTable(findings, process.stdout.columns ?? Infinity));
	return findings.some(({ status }) => status === 'missing') ? 1 : 0;
}
