/** How the Chatterbox models want a text: the marks of a plain keyboard, a capital at the front, an end that says so. */

type Kind = 'original' | 'turbo';

const forBoth: readonly (readonly [string, string])[] = [
	['…', ', '],
	[':', ','],
	['—', '-'],
	['–', '-'],
	[' ,', ','],
	['“', '"'],
	['”', '"'],
	['‘', "'"],
	['’', "'"],
];

/** In the order in which the models' own front ends replace them; Turbo leaves out three. */
const replacements: Record<Kind, readonly (readonly [string, string])[]> = {
	original: [['...', ', '], ['…', ', '], [':', ','], [' - ', ', '], [';', ', '], ...forBoth.slice(2)],
	turbo: forBoth,
};

/** A text as the model was trained to see it. */
export function normalizePunctuation(text: string, kind: Kind): string {
	const spaced = text.trim().replace(/\s+/gu, ' ');
	const capital = spaced.charAt(0).toUpperCase() + spaced.slice(1);
	const replaced = replacements[kind].reduce((result, [from, to]) => result.replaceAll(from, to), capital).trimEnd();
	return /[.!?,-]$/.test(replaced) ? replaced : `${replaced}.`;
}

/** Two parts of about the same length, cut after a sentence, else a clause, else a word; null when there is nothing to cut. */
export function halve(text: string): [string, string] | null {
	for (const pattern of [/[.!?…]["”')\]]*\s+/gu, /[,;:—–]\s+/gu, /\s+/gu]) {
		const ends = Array.from(text.matchAll(pattern), (match) => match.index + match[0].length).filter((end) => end < text.length);
		const middle = text.length / 2;
		const [best] = ends.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
		if (best !== undefined) return [text.slice(0, best).trimEnd(), text.slice(best)];
	}
	return null;
}
