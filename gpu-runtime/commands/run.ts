import { copyFile, link, mkdir, readFile, unlink } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { Cancelled, fromWireError, InvalidInput } from '../../src/errors';
import { envelope, readRequest, type Envelope, type Result } from '../../src/execute';
import { placeFiles } from '../../src/produced';
import { readJson } from '../../src/read-json';
import { embeddedHost } from '../host';
import { withScratch } from '../scratch';
import { readOptions } from './options';

/** Runs one operation and prints its envelope; the files it made land in the folder of `--out`. */
export async function run(args: string[]): Promise<number> {
	const answer = await envelope(() => runRequest(args));
	process.stdout.write(`${JSON.stringify(answer, null, process.stdout.isTTY ? 2 : undefined)}\n`);
	return answer.status === 'success' ? 0 : 1;
}

async function runRequest(args: string[]): Promise<Result> {
	const { operation, input, out } = await readArguments(args);
	readRequest(operation, input, { allowFiles: true });
	const { host, scratchRoot } = await embeddedHost();
	const stop = new AbortController();
	const cancel = () => stop.abort(new Cancelled());
	process.once('SIGINT', cancel).once('SIGTERM', cancel);
	try {
		return await withScratch(scratchRoot, async (folder) => {
			const answer = await host.run({ operation, input, folder, signal: stop.signal, onProgress: showProgress });
			return deliver(answer, out);
		});
	} finally {
		process.off('SIGINT', cancel).off('SIGTERM', cancel);
		clearProgress();
		await host.close();
	}
}

async function readArguments(args: string[]) {
	const { values, positionals } = readOptions({
		args,
		allowPositionals: true,
		options: { input: { type: 'string' }, 'input-file': { type: 'string' }, out: { type: 'string', default: '.' } },
	});
	const [operation] = positionals;
	if (operation === undefined || positionals.length > 1) throw new InvalidInput('Expected one operation: ai-agent-tools run <operation> --input JSON. "ai-agent-tools operations" lists them');
	const text = values['input-file'] === undefined ? (values.input ?? '{}') : await readFile(values['input-file'], 'utf8');
	return { operation, input: readJson(text, 'input', 'broken_json'), out: resolve(values.out) };
}

/** Puts the files into the folder under their own names, never over what is there. */
async function deliver(answer: Envelope, out: string): Promise<Result> {
	if (answer.status === 'error') throw fromWireError(answer.error);
	await mkdir(out, { recursive: true });
	return (await placeFiles(answer.result, async ({ file, ...facts }) => ({ ...facts, file: await place(file, out, facts.fileName) }))) as Result;
}

async function place(file: string, out: string, fileName: string): Promise<string> {
	const ending = extname(fileName);
	const part = join(out, `.${process.pid}-${basename(file)}.part`);
	await copyFile(file, part);
	try {
		for (let count = 1; ; count++) {
			const target = join(out, count === 1 ? fileName : `${basename(fileName, ending)}-${count}${ending}`);
			// A link appears whole or not at all, and not over another file.
			if (await link(part, target).then(() => true, isTaken)) return target;
		}
	} finally {
		await unlink(part);
	}
}

function isTaken(error: NodeJS.ErrnoException): false {
	if (error.code === 'EEXIST') return false;
	throw error;
}

const showProgress = (fraction: number, activity: string) => {
	if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${String(Math.round(fraction * 100)).padStart(3)} % ${activity}`);
};
const clearProgress = () => {
	if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
};
