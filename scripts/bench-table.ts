import { readFileSync } from 'node:fs';
import type { Row } from '../bench/row';

/** Turns `npm run --silent bench -- --json` on standard input into the Markdown table of the README. */

const digits = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const figure = (value: number | null, unit: string) => (value === null ? '–' : `${digits(value)} ${unit}`);
const cells = (values: readonly string[]) => `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;

const rows = JSON.parse(readFileSync(0, 'utf8')) as Row[];
const lines = rows.map(({ row, ours, older, ratio, unit, goal, ok, quality = '' }) => cells([row, figure(older, unit), figure(ours, unit), ratio === null ? '–' : digits(ratio), ok ? goal : `${goal} (missed)`, quality]));
process.stdout.write(`${[cells(['', 'older', 'ours', 'ratio', 'goal', 'quality']), cells(['---', '---', '---', '---', '---', '---']), ...lines].join('\n')}\n`);
