import { isProduced } from './produced';

/**
 * A result as an AI agent reads it: at most `limit` bytes of JSON. Lists become tables, and what is still too long is cut; each cut is
 * told. It knows values, not operations: whatever an operation's output schema allows is a list, a text or a plain value.
 */

type Values = Record<string, unknown>;

/** Where something stands in the result: its keys from the top. */
type Path = readonly string[];

export interface AgentSized {
	answer: Values;
	/** For each part that is not whole, by its dotted path, how much of it is here. Empty when nothing is missing. */
	cut: Record<string, string>;
}

/** A list of like objects, with the names of their values said only once. */
interface Table {
	columns: string[];
	rows: unknown[][];
}

export function agentSized(result: Values, limit: number): AgentSized {
	if (bytesOf(result) <= limit) return { answer: result, cut: {} };
	const cut: Record<string, string> = {};
	const tabled = walk(result, [], (value, path) => (isTable(value) ? tableOf(value, path, cut) : value)) as Values;
	return shortened(tabled, cut, limit);
}

export const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;

/** Gives everything that is no plain object to `change`; a file is one thing. */
function walk(value: unknown, path: Path, change: (value: unknown, path: Path) => unknown): unknown {
	if (!isRecord(value) || isMade(value) || isProduced(value)) return change(value, path);
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, [...path, key], change)]));
}

const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);
const isTable = (value: unknown): value is Values[] => Array.isArray(value) && value.length > 1 && value.every(isRecord);
const isMade = (value: unknown): value is Values & Table => isRecord(value) && Array.isArray(value.columns) && Array.isArray(value.rows);

/** Lists of plain values become one text; lists of objects inside the objects are left out, which `cut` tells. */
function tableOf(list: readonly Values[], path: Path, cut: Record<string, string>): Table {
	const all = [...new Set(list.flatMap(Object.keys))];
	const columns = all.filter((column) => !list.some((one) => isNested(one[column])));
	for (const column of all.filter((one) => !columns.includes(one))) cut[[...path, column].join('.')] = 'left out';
	return { columns, rows: list.map((one) => columns.map((column) => plain(one[column]))) };
}

const isNested = (value: unknown) => Array.isArray(value) && value.some((one) => typeof one === 'object');
const plain = (value: unknown) => (Array.isArray(value) ? value.join(', ') : (value ?? null));

/** Gives what is long equal shares of the room that what is short leaves; tries again with less room until all of it fits. */
function shortened(values: Values, alreadyCut: Record<string, string>, limit: number): AgentSized {
	const long = longParts(values);
	const plainBytes = bytesOf(values) - [...long.values()].reduce((sum, size) => sum + size, 0);
	for (let room = limit - plainBytes; room > 0; room -= Math.max(100, Math.round(limit / 20))) {
		const cut = { ...alreadyCut };
		const share = shareOf([...long.values()], room);
		const answer = walk(values, [], (value, path) => {
			const name = path.join('.');
			return (long.get(name) ?? 0) <= share ? value : cutTo(value, share, (note) => (cut[name] = note));
		}) as Values;
		if (bytesOf({ ...answer, cut }) <= limit) return { answer, cut };
	}
	return withoutLargest(values, alreadyCut, limit);
}

/** The bytes of every list and text, by its dotted path. */
function longParts(values: Values): Map<string, number> {
	const sizes = new Map<string, number>();
	walk(values, [], (value, path) => (isLong(value) ? void sizes.set(path.join('.'), bytesOf(value)) : undefined));
	return sizes;
}

/** Half an address is of no use. */
const isLong = (value: unknown) => (typeof value === 'string' && !/^https?:\/\/\S+$/.test(value)) || Array.isArray(value) || isMade(value);

/** Bytes that each may take so that all of them fit into the room. */
function shareOf(sizes: readonly number[], room: number): number {
	let left = room;
	const ascending = [...sizes].sort((a, b) => a - b);
	for (const [index, size] of ascending.entries()) {
		const share = Math.floor(left / (ascending.length - index));
		if (size > share) return share;
		left -= size;
	}
	return room;
}

function cutTo(value: unknown, share: number, tell: (note: string) => void): unknown {
	if (typeof value === 'string') return cutText(value, share, tell);
	const rows = isMade(value) ? value.rows : (value as unknown[]);
	const kept = fitting(rows, share - (isMade(value) ? bytesOf({ ...value, rows: [] }) : 2));
	tell(`the first ${kept} of ${rows.length}`);
	return isMade(value) ? { columns: value.columns, rows: rows.slice(0, kept) } : rows.slice(0, kept);
}

/** How many of them, with commas between them, take at most so many bytes. */
function fitting(parts: readonly unknown[], room: number, extra = 1): number {
	let left = room;
	const over = parts.findIndex((part) => (left -= bytesOf(part) + extra) < 0);
	return over < 0 ? parts.length : over;
}

function cutText(text: string, share: number, tell: (note: string) => void): string {
	// No character takes less than a byte, and none more than two units of the text.
	const characters = [...text.slice(0, 2 * share)];
	const kept = characters.slice(0, fitting(characters, share - bytesOf('…'), -2)).join('');
	tell(`the first ${kept.length} of ${text.length} characters`);
	return `${kept}…`;
}

/** Where even plain values are too many. */
function withoutLargest(values: Values, alreadyCut: Record<string, string>, limit: number): AgentSized {
	const [largest] = Object.entries(values).sort(([, a], [, b]) => bytesOf(b) - bytesOf(a));
	if (!largest) return { answer: {}, cut: { answer: 'left out' } };
	const { [largest[0]]: _, ...rest } = values;
	const cut = { ...alreadyCut, [largest[0]]: 'left out' };
	return bytesOf({ ...rest, cut }) <= limit ? { answer: rest, cut } : shortened(rest, cut, limit);
}
