import { readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './row';

/** Seconds. `cpu` is that of the whole process tree, user and system. */
export interface Cost {
	cpu: number;
	wall: number;
}

/** Of an odd number of measurements the middle one. */
export const middleBy = <T>(all: readonly T[], by: (one: T) => number): T => [...all].sort((a, b) => by(a) - by(b))[Math.floor(all.length / 2)]!;

export const median = (values: readonly number[]): number => middleBy(values, (value) => value);

/** Processor time of this process and of its children that have ended, with theirs: fields 14 to 17 of Linux's stat, in 1/100 s. */
function cpuSeconds(): number {
	const fields = readFileSync('/proc/self/stat', 'utf8').replace(/^.*\) /s, '').split(' ');
	return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** Most bytes of memory that a process had at once since its peak was forgotten, as Linux tells. */
export const peakOf = (pid: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
/** From now on the peak is what the process has now. */
export const forgetPeakOf = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');

export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
	const [cpu, start] = [cpuSeconds(), performance.now()];
	await work();
	return { cpu: cpuSeconds() - cpu, wall: (performance.now() - start) / 1000 };
}

export interface Pairs {
	older: Cost;
	ours: Cost;
	/** Of ours to the older one's, pair by pair: a machine that is slower for a minute is so for both of a pair. */
	ratio: Cost;
}

/** Runs the two in turn, so that whatever else the machine does meets both; medians. */
export async function inTurn(pairs: number, older: () => Promise<unknown>, ours: () => Promise<unknown>): Promise<Pairs> {
	const costs: { older: Cost; ours: Cost }[] = [];
	for (let pair = 0; pair < pairs; pair++) costs.push({ older: await costOf(older), ours: await costOf(ours) });
	const middle = (of: (pair: { older: Cost; ours: Cost }, kind: keyof Cost) => number): Cost => ({ cpu: median(costs.map((pair) => of(pair, 'cpu'))), wall: median(costs.map((pair) => of(pair, 'wall'))) });
	return { older: middle((pair, kind) => pair.older[kind]), ours: middle((pair, kind) => pair.ours[kind]), ratio: middle((pair, kind) => pair.ours[kind] / pair.older[kind]) };
}

interface Comparison extends Pairs {
	row: string;
	by: keyof Cost;
	/** Highest ratio that is good enough. */
	limit: number;
	/** Whether the result is as good as it must be, and in words. */
	quality: { ok: boolean; text: string };
	note?: string;
}

/** A row that compares what two ways cost. */
export function comparedRow({ row, older, ours, ratio: ratios, by, limit, quality, note }: Comparison): Row {
	const ratio = ratios[by];
	return {
		row,
		ours: ours[by],
		older: older[by],
		ratio,
		unit: by === 'cpu' ? 's CPU' : 's',
		goal: limit < 0.2 ? `≤ 1/${Math.round(1 / limit)}` : `≤ ${Number(limit.toFixed(2))}`,
		ok: ratio <= limit && quality.ok,
		quality: quality.text,
		...(note !== undefined && { note }),
	};
}
