/** How far a transcript is from what was said: the least words to change, leave out or put in, per word said. */
export function wordErrorRate(said: string, heard: string): number {
	const [wanted, got] = [plainWords(said), plainWords(heard)];
	let previous = Array.from({ length: got.length + 1 }, (_, column) => column);
	for (const [row, word] of wanted.entries()) {
		const current = [row + 1];
		for (const [column, other] of got.entries()) {
			const change = (previous[column] ?? 0) + (word === other ? 0 : 1);
			current.push(Math.min(change, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
		}
		previous = current;
	}
	return (previous.at(-1) ?? 0) / Math.max(1, wanted.length);
}

/** Marks and capitals are no part of what is heard. */
const plainWords = (text: string) =>
	text
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s']/gu, ' ')
		.split(/\s+/u)
		.filter((word) => word !== '');
