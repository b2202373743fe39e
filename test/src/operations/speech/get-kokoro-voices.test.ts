import { mediaJob, runOperation } from '../../../support/media';

async function voices(input: Record<string, unknown>) {
	const job = await mediaJob();
	try {
		return (await runOperation('get_kokoro_voices', input, job)).voices;
	} finally {
		await job.remove();
	}
}

describe('get_kokoro_voices', () => {
	test('gives all voices, or those of one language in any spelling', async () => {
		expect(await voices({})).toHaveLength(49);
		expect(await voices({ language: 'fr-fr' })).toEqual([{ id: 'ff_siwis', name: 'Siwis', language: 'fr', languageCode: 'f', gender: 'female' }]);
		expect(await voices({ language: 'en' })).toHaveLength(20);
	});

	test('an unknown language is refused, with those there are', async () => {
		await expect(voices({ language: 'xx' })).rejects.toThrow(/en-us, en-gb, es, fr, hi, it, pt, zh/);
	});
});
