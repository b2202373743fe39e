import { parseArgs } from 'node:util';
import { messageOf } from '../src/errors';
import { namesOf } from '../scripts/only';
import type { Bench, Row } from './row';

/** `npm run bench`: a table for people, `--json` for machines, `--only captioned,merge` for some of it. */

const modules: Record<string, () => Promise<{ run: Bench }>> = {
	captioned: () => import('./captioned.js'),
	'ken-burns': () => import('./ken-burns.js'),
	merge: () => import('./merge.js'),
	frames: () => import('./frames.js'),
	probe: () => import('./probe.js'),
	'color-key': () => import('./color-key.js'),
	embedded: () => import('./embedded.js'),
	memory: () => import('./memory.js'),
	'large-files': () => import('./large-files.js'),
	kokoro: () => import('./kokoro.js'),
	whisper: () => import('./whisper.js'),
	worker: () => import('./worker.js'),
	polling: () => import('./polling.js'),
};

const say = (text: string) => process.stderr.write(`${text}\n`);

async function measured(name: string): Promise<Row[]> {
	say(`Measuring ${name} …`);
	try {
		return (await modules[name]?.())?.run() ?? [];
	} catch (error) {
		say(`${name}: ${error instanceof Error ? error.stack : messageOf(error)}`);
		process.exitCode = 1;
		return [];
	}
}

const digits = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const figure = (value: number | null, unit = '') => (value === null ? '–' : `${digits(value)}${unit && ` ${unit}`}`);

function print(rows: readonly Row[]): void {
	for (const { row, ours, older, ratio, unit, goal, ok, quality, note } of rows) {
		process.stdout.write(`${ok ? '✓' : '✗'} ${row.padEnd(44)} ${figure(ours, unit).padStart(16)}  older ${figure(older, unit).padStart(16)}  ratio ${figure(ratio).padStart(8)}  goal ${goal}\n`);
		const more = [quality, note].filter((text) => text !== undefined);
		if (more.length > 0) process.stdout.write(`    ${more.join(' · ')}\n`);
	}
}

async function main(args: string[]): Promise<void> {
	const { only, json } = parseArgs({ args, options: { only: { type: 'string' }, json: { type: 'boolean' } } }).values;
	const rows: Row[] = [];
	for (const name of namesOf(Object.keys(modules), only)) rows.push(...(await measured(name)));
	if (json) process.stdout.write(`${JSON.stringify(rows, null, '\t')}\n`);
	else print(rows);
	if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
	say(messageOf(error));
	process.exitCode = 1;
});
