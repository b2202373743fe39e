export interface ProgressOptions {
	duration: number | undefined;
	onProgress: ((fraction: number) => void) | undefined;
}

/** Reads what `-progress` prints: any change of time, frames or size is a sign of life. */
export function followProgress({ duration, onProgress }: ProgressOptions) {
	let rest = '';
	let last = '';

	return (text: string, alive: () => void) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		const facts = lines.filter((line) => /^(out_time_us|frame|total_size)=/.test(line));
		const now = facts.join();
		if (now !== '' && now !== last) alive();
		last = now || last;
		const microseconds = Number(facts.findLast((line) => line.startsWith('out_time_us='))?.slice('out_time_us='.length));
		if (duration !== undefined && duration > 0 && microseconds >= 0) onProgress?.(Math.min(1, microseconds / 1e6 / duration));
	};
}
