import type { IRun } from 'n8n-workflow';

/** An execution as n8n stores it: dates are text, errors are plain objects. */
export type Execution = Pick<IRun, 'status' | 'data'>;

/**
 * Takes an execution out of what `n8n execute --rawOutput` printed. The JSON stands between log lines, from the first line that is
 * exactly `{` to the next that is exactly `}`: a JSON string never holds a raw line break.
 */
export function executionFromLog(log: string): Execution {
	const lines = log.split('\n');
	const first = lines.indexOf('{');
	const last = lines.indexOf('}', first);
	if (first < 0 || last < 0) throw new Error(`Expected an execution in n8n's log, got:\n${lines.slice(-20).join('\n')}`);
	return JSON.parse(lines.slice(first, last + 1).join('\n')) as Execution;
}

/** Executions come from n8n's REST API as one flat table, in which every text inside an object or a list is the index of a value. */
export function unflatten(flat: string): unknown {
	const table = JSON.parse(flat) as unknown[];
	const built = new Map<number, unknown>();
	const child = (value: unknown) => (typeof value === 'string' ? at(Number(value)) : value);
	const at = (index: number): unknown => {
		const entry = table[index];
		if (entry === null || typeof entry !== 'object') return entry;
		if (built.has(index)) return built.get(index);
		const value: Record<string, unknown> | unknown[] = Array.isArray(entry) ? [] : {};
		// Known before it is filled, because a value may hold itself.
		built.set(index, value);
		Object.assign(value, Array.isArray(entry) ? entry.map(child) : Object.fromEntries(Object.entries(entry).map(([key, item]) => [key, child(item)])));
		return value;
	};
	return at(0);
}

/** The items a node gave out on its first output, in its last run. */
export const itemsOf = ({ data }: Execution, node: string) => data.resultData.runData[node]?.at(-1)?.data?.main?.[0] ?? [];
