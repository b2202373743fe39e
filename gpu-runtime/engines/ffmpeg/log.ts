const ringSize = 64 * 1024;

/** The static build writes these for every run with text, whether it matters or not. */
const noise = /fontconfig/i;
/** True of every failure, so they tell nothing. */
const generic = /^(conversion failed|error marking filters|cannot determine format of input|error while filtering|error while processing the decoded|error reinitializing filters|failed to inject frame|error sending frames|task finished with error|terminating thread|error closing file|nothing was written|last message repeated|press \[q\]|exiting)/i;

/** Keeps the end of what ffmpeg says, and counts its lines. */
export function createLog() {
	let tail = '';
	let rest = '';
	let lines = 0;
	let first = '';

	function take(line: string) {
		if (line.trim() === '' || noise.test(line)) return;
		const repeated = /last message repeated (\d+) times/i.exec(line)?.[1];
		lines += repeated === undefined ? 1 : Number(repeated);
		first ||= withoutPlaces(line);
		tail = `${tail}${line}\n`.slice(-ringSize);
	}

	return {
		write(chunk: string) {
			const parts = (rest + chunk).split(/[\r\n]+/);
			rest = (parts.pop() ?? '').slice(-ringSize);
			parts.forEach(take);
		},
		end() {
			take(rest);
			rest = '';
		},
		get text() {
			return tail;
		},
		get lines() {
			return lines;
		},
		get first() {
			return first;
		},
	};
}

export type Log = ReturnType<typeof createLog>;

/** The last line that says what went wrong. */
export function lastUsefulLine(text: string): string {
	const lines = text.split('\n').map((line) => withoutPlaces(line)).filter(Boolean);
	return (lines.findLast((line) => !generic.test(line)) ?? lines.at(-1) ?? 'no reason given').slice(0, 300);
}

/** Without memory addresses and without folders, which are nobody's business. */
const withoutPlaces = (line: string) =>
	line
		.replace(/^(?:\[[^\]]* @ 0x[0-9a-f]+\] *)+/i, '')
		.replace(/(?:\/[^\s/:']+)+\/([^\s/:']+)/g, '$1')
		.trim();
