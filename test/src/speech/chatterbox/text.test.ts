import { halve, normalizePunctuation } from '../../../../src/speech/chatterbox/text';

it.each([
	['begins with a capital', 'hello there.', 'Hello there.'],
	['has single spaces', '  Hello \n\t there.  ', 'Hello there.'],
	['ends with a full stop', 'Hello there', 'Hello there.'],
	['keeps another end', 'Really?', 'Really?'],
	['has commas for dots and colons', 'Well... one: two; three…', 'Well,  one, two,  three,'],
	['has a comma for a dash between spaces', 'One - two', 'One, two.'],
	['has short dashes', 'One—two–three', 'One-two-three.'],
	['has no space before a comma', 'One , two', 'One, two.'],
	['has straight quotes', '“It’s ‘fine’”', '"It\'s \'fine\'".'],
])('a text for the original %s', (_name, text, normalized) => {
	expect(normalizePunctuation(text, 'original')).toBe(normalized);
});

it('a text for Turbo keeps dots, semicolons and dashes between spaces', () => {
	expect(normalizePunctuation('well... one - two; three: four…', 'turbo')).toBe('Well... one - two; three, four,');
});

describe('halving', () => {
	it('cuts at the sentence, the clause or the word nearest to the middle', () => {
		expect(halve('One two. Three four. Five.')).toEqual(['One two.', 'Three four. Five.']);
		expect(halve('one two three, four five six')).toEqual(['one two three,', 'four five six']);
		expect(halve('one two three four')).toEqual(['one two', 'three four']);
	});

	it('loses nothing but white space', () => {
		const text = 'A first sentence, with a clause. And then: another "one"! Last';
		const collect = (part: string): string => {
			const halves = halve(part);
			return halves ? halves.map(collect).join('') : part;
		};
		expect(collect(text)).toBe(text.replace(/\s/g, ''));
	});

	it('gives up on a single word', () => {
		expect(halve('Antidisestablishmentarianism.')).toBeNull();
	});
});
