/** The speech tokens of Chatterbox and the frame around a text; 25 tokens are a second. */

export const speechTokens = { start: 6561, stop: 6562, exaggeration: 6563, silence: 4299 } as const;

const text = { start: 255, stop: 0 } as const;

/** Text tokens of the original model in their frame; some tokenizers put it on themselves. */
export function frameText(ids: readonly number[]): number[] {
	if (ids.at(-1) === speechTokens.start) return [...ids];
	const bare = ids.filter((id, index) => !(index === 0 && id === text.start) && !(index === ids.length - 1 && id === text.stop));
	return [speechTokens.exaggeration, text.start, ...bare, text.stop, speechTokens.start, speechTokens.start];
}

/** Speech tokens stand at 0, text tokens where they stand behind the exaggeration token. */
export function framePositions(ids: readonly number[]): number[] {
	const offset = ids[0] === speechTokens.exaggeration ? 1 : 0;
	return ids.map((id, index) => (id >= speechTokens.start ? 0 : index - offset));
}

/** What the vocoder gets: the voice's own tokens, the new ones without start and stop, and a little silence. */
export function vocoderTokens(voice: readonly number[], generated: readonly number[]): number[] {
	const { start, silence } = speechTokens;
	return [...voice, ...generated.filter((token) => token < start), silence, silence, silence];
}
