export interface Progress {
	/** What is being done, e.g. the file. */
	title: string;
	bytes: number;
	/** 0 when nobody knows. */
	total: number;
}

/** One line that shows how far a download is, e.g. `[######--------------]  30 %  97.7 of 325.5 MB  kokoro onnx/model.onnx`. */
export function progressLine({ title, bytes, total }: Progress, width = 20): string {
	if (total === 0) return `${megabytes(bytes)} MB  ${title}`;
	const fraction = Math.min(1, bytes / total);
	const done = Math.floor(fraction * width);
	const bar = '#'.repeat(done) + '-'.repeat(width - done);
	return `[${bar}] ${String(Math.floor(fraction * 100)).padStart(3)} %  ${megabytes(bytes)} of ${megabytes(total)} MB  ${title}`;
}

export const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Draws the line again and again on a terminal; elsewhere, e.g. in a log, writes one line for every tenth. */
export function createProgressBar({ write, isTerminal }: { write(text: string): void; isTerminal: boolean }) {
	let shown = '';
	let tenth = -1;
	return {
		show(progress: Progress): void {
			const line = progressLine(progress);
			const now = progress.total === 0 ? 0 : Math.floor((10 * progress.bytes) / progress.total);
			if (isTerminal && line !== shown) write(`\r${line.padEnd(shown.length)}`);
			if (!isTerminal && now > tenth) write(`${line}\n`);
			shown = line;
			tenth = Math.max(tenth, now);
		},
		/** Leaves the line as it is. */
		end(): void {
			if (isTerminal && shown !== '') write('\n');
		},
	};
}
