import { alignPhonemes } from '../../../../src/speech/phonemes/align';
import { textPieces } from '../../../../src/speech/phonemes/pieces';
import { pronounce } from '../../../../src/speech/phonemes/tokens';
import type { SpeechEvent } from '../../../../src/speech/espeak';

const word = (position: number): SpeechEvent => ({ type: 'word', position, time: 0, id: '' });
const end: SpeechEvent = { type: 'end', position: 0, time: 0, id: '' };

function read(sentence: string, ipa: string, events: SpeechEvent[]) {
	const split = textPieces(sentence);
	return pronounce(sentence, split, alignPhonemes(split.pieces, ipa, events));
}

describe('pieces', () => {
	test('marks inside numbers, times and abbreviations are none, all others are', () => {
		const { pieces } = textPieces('(Dr. X) paid 3.50, at 3:30—“so” U.S. end.');
		expect(pieces.filter(({ isMark }) => isMark).map(({ text }) => text).join('')).toBe('(),—“”.');
		expect(pieces.filter(({ isMark }) => !isMark).map(({ text }) => text)).toEqual(['Dr.', 'X', 'paid', '3.50', 'at', '3:30', 'so', 'U.S.', 'end']);
	});
});

describe('phonemes and the words they belong to', () => {
	test('marks keep their place and belong to no word', () => {
		expect(read('“Hi,” wait—go', 'a\nb c', [word(2), end, word(7), word(12), end])).toEqual({
			words: ['“Hi,”', 'wait—go'],
			tokens: [
				{ phonemes: '“', space: false, word: undefined },
				{ phonemes: 'a', space: false, word: 0 },
				{ phonemes: ',', space: false, word: undefined },
				{ phonemes: '”', space: true, word: undefined },
				{ phonemes: 'b', space: false, word: 1 },
				{ phonemes: '—', space: false, word: undefined },
				{ phonemes: 'c', space: false, word: 1 },
			],
		});
	});

	test('words spoken as one become one word, several spoken words of a number stay one', () => {
		const { words, tokens } = read('one of the 20', 'a b c d', [word(1), word(5), word(12), word(12)]);
		expect(words).toEqual(['one', 'of the', '20']);
		expect(tokens).toEqual([
			{ phonemes: 'a', space: true, word: 0 },
			{ phonemes: 'b', space: true, word: 1 },
			{ phonemes: 'c d', space: false, word: 2 },
		]);
	});

	test('where counts disagree, the clause is one word and the other clauses keep theirs', () => {
		expect(read('a b, c d', 'x\ny z', [word(1), word(3), end, word(6), word(8), end]).words).toEqual(['a b,', 'c', 'd']);
		expect(read('a b, c d', 'x y z', [word(1), word(3), end, word(6), word(8), end])).toMatchObject({ words: ['a b, c d'], tokens: [{ phonemes: 'x y z' }, { phonemes: ',' }] });
	});
});
