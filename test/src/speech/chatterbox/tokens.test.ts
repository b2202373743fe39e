import { framePositions, frameText, vocoderTokens } from '../../../../src/speech/chatterbox/tokens';

const framed = [6563, 255, 40, 41, 0, 6561, 6561];

it.each([
	['bare', [40, 41]],
	['with start and stop of text', [255, 40, 41, 0]],
	['framed', framed],
])('a text that comes %s from the tokenizer goes framed into the model', (_name, ids) => {
	expect(frameText(ids)).toEqual(framed);
});

it('text tokens count from the start of text, speech tokens stand at 0', () => {
	expect(framePositions(framed)).toEqual([0, 0, 1, 2, 3, 0, 0]);
	expect(framePositions([255, 40, 41, 0, 6561])).toEqual([0, 1, 2, 3, 0]);
});

it('start and stop tokens never reach the vocoder', () => {
	expect(vocoderTokens([10, 20], [6561, 5, 6562, 7, 6563])).toEqual([10, 20, 5, 7, 4299, 4299, 4299]);
});
