/** What a request for Chatterbox leaves out. 300 characters are about 20 s of speech, half of what the model can do at once. */
export const chatterboxDefaults = {
	exaggeration: 0.5,
	cfgWeight: 0.5,
	temperature: 0.8,
	chunkCharacters: 300,
	chunkSilence: 0.35,
	model: 'original',
} as const;
