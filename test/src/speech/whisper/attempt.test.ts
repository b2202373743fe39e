import { compressionRatio, deservesRetry, isFirm, isSilent, leastBad, type Attempt } from '../../../../src/speech/whisper/attempt';

const attempt = (facts: Partial<Attempt> = {}): Attempt => ({ tokens: [], text: 'Every good boy does fine.', averageLogProb: -0.3, noSpeech: 0.1, temperature: 0, ...facts });
const looping = 'and then '.repeat(40);

it('a good text is taken as it is', () => expect(deservesRetry(attempt())).toBe(false));

it('a text that repeats itself is tried again', () => {
	expect(compressionRatio(looping)).toBeGreaterThan(2.4);
	expect(deservesRetry(attempt({ text: looping }))).toBe(true);
});

it('compression counts bytes of UTF-8', () => expect(compressionRatio('é'.repeat(50))).toBeGreaterThan(compressionRatio('e'.repeat(50))));

it('a text the model does not believe in is tried again, unless nobody speaks', () => {
	expect(deservesRetry(attempt({ averageLogProb: -1.1 }))).toBe(true);
	expect(deservesRetry(attempt({ averageLogProb: -1.1, noSpeech: 0.7 }))).toBe(false);
});

it('a window is silent when the model finds silence likely and its own text not', () => {
	expect(isSilent(attempt({ noSpeech: 0.7, averageLogProb: -1 }))).toBe(true);
	expect(isSilent(attempt({ noSpeech: 0.7, averageLogProb: -0.9 }))).toBe(false);
	expect(isSilent(attempt({ noSpeech: 0.6, averageLogProb: -2 }))).toBe(false);
});

it('when no attempt was good, the likeliest that does not loop is taken', () => {
	const attempts = [attempt({ text: looping, averageLogProb: -0.1 }), attempt({ averageLogProb: -2, temperature: 0.2 }), attempt({ averageLogProb: -1.5, temperature: 0.4 })];
	expect(leastBad(attempts).temperature).toBe(0.4);
	expect(leastBad(attempts.slice(0, 1)).temperature).toBe(0);
});

it('only a text found up to temperature 0.5 is built upon', () => {
	expect(isFirm(attempt({ temperature: 0.4 }))).toBe(true);
	expect(isFirm(attempt({ temperature: 0.6 }))).toBe(false);
});

it('an empty text is no loop', () => expect(deservesRetry(attempt({ text: '' }))).toBe(false));
