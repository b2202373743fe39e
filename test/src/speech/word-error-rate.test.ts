import { wordErrorRate } from '../../../src/speech/word-error-rate';

it.each([
	['the same words in other dress', 'Hello, brave world!', 'hello brave world', 0],
	['a wrong word', 'one two three four', 'one two tree four', 0.25],
	['a missing word', 'one two three four', 'one two four', 0.25],
	['a word too many', 'one two', 'one or two', 0.5],
	['nothing at all', 'one two', '', 1],
	['words where there were none', '', 'one', 1],
])('counts %s', (_name, said, heard, rate) => {
	expect(wordErrorRate(said, heard)).toBeCloseTo(rate);
});
