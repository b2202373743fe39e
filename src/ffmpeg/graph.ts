import { InvalidInput } from '../errors';
import type { Rational } from '../probe';
import { printRational } from './rational';

export type Value = string | number | Rational;

export interface Filter {
	readonly name: string;
	readonly options: Readonly<Record<string, Value>>;
}

/** Filters in a row, from the pads `from` to the pads `to`. */
export interface Chain {
	readonly from: readonly string[];
	readonly filters: readonly Filter[];
	readonly to: readonly string[];
}

export const filter = (name: string, options: Filter['options'] = {}): Filter => ({ name, options });

export const chain = (from: readonly string[], filters: readonly Filter[], to: readonly string[]): Chain => ({ from, filters, to });

/** The graph as ffmpeg's `-filter_complex` reads it. The only place where a graph becomes text, so that no value can leave its option. */
export const printGraph = (chains: readonly Chain[]) => chains.map(({ from, filters, to }) => pads(from) + printFilters(filters) + pads(to)).join(';');

/** Filters in a row without pads, for `-vf` and `-af`. */
export const printFilters = (filters: readonly Filter[]) => filters.map(printFilter).join(',');

function printFilter({ name, options }: Filter): string {
	const list = Object.entries(options).map(([key, value]) => `${key}=${escaped(printValue(value))}`);
	return list.length === 0 ? name : `${name}=${list.join(':')}`;
}

function printValue(value: Value): string {
	if (typeof value === 'object') return printRational(value);
	if (typeof value === 'number' && !Number.isFinite(value)) throw new InvalidInput(`Expected a finite number, got ${value}`, { code: 'not_finite' });
	return String(value);
}

/** Once for the list of options, and again for the graph around it. */
const escaped = (value: string) => value.replace(/[\\':\s]/g, '\\$&').replace(/[\\'[\],;\s]/g, '\\$&');

const pads = (names: readonly string[]) => names.map((name) => `[${name}]`).join('');
