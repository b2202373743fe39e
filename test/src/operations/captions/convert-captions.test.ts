import { readRequest } from '../../../../src/execute';
import { convertCaptions } from '../../../../src/operations/captions/convert-captions';
import type { Job } from '../../../../src/runtime';
import { bundledFaces } from '../../../support/fonts';

const srt = '1\n00:00:00,500 --> 00:00:02,000\nHello brave\nnew world.\n\n2\n00:00:03,000 --> 00:00:04,000\nAgain\n';
const words = [
	{ text: 'Hello', start: 0.1, end: 0.4 },
	{ text: 'world.', start: 0.4, end: 1 },
];

async function convert(input: Record<string, unknown>) {
	const warnings: string[] = [];
	const job = {
		warn: (message: string) => void warnings.push(message),
		fonts: { faces: async () => bundledFaces() },
		files: { text: async () => srt },
	} as unknown as Job;
	const read = readRequest('convert_captions', input, { allowFiles: true });
	const result = convertCaptions.output.parse(await convertCaptions.run(read.input, job));
	return { ...(result as { captions: string; sourceFormat: string; words: unknown[]; segments: unknown[] }), warnings };
}

describe('convert_captions', () => {
	it('the captions of a file stay as they are when nothing else is asked', async () => {
		expect((await convert({ captions: srt })).captions).toBe(srt);
		expect((await convert({ captions: srt, to: 'vtt' })).captions).toBe('WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nHello brave\nnew world.\n\n00:00:03.000 --> 00:00:04.000\nAgain\n');
		expect((await convert({ captions: srt, to: 'text' })).captions).toBe('Hello brave\nnew world.\nAgain\n');
	});

	it('there and back through every form keeps words and times', async () => {
		const { words: before } = await convert({ captions: srt });
		for (const to of ['vtt', 'srt'])
			expect((await convert({ captions: (await convert({ captions: srt, to })).captions })).words).toEqual(before);
		const json = await convert({ captions: srt, to: 'words' });
		expect(JSON.parse(json.captions)).toEqual(before);
		expect((await convert({ captions: json.captions })).words).toEqual(before);
		const ass = await convert({ captions: srt, to: 'ass' });
		expect(ass.captions).toContain('Hello brave new world.');
		expect((await convert({ captions: ass.captions })).sourceFormat).toBe('ass');
	});

	it('words become captions of two lines of 42 characters, or as asked', async () => {
		expect((await convert({ captions: words })).captions).toBe('1\n00:00:00,100 --> 00:00:01,000\nHello world.\n');
		expect((await convert({ captions: words, line_length: 6, lines: 1 })).captions.match(/-->/g)).toHaveLength(2);
		expect((await convert({ captions: srt, lines: 1, lineLength: 11 })).captions).toContain('Hello brave\n\n2\n');
	});

	it('times are scaled, then moved; what would lie before the beginning is left out with a warning', async () => {
		expect((await convert({ captions: srt, scale: 2, offset: 1 })).captions).toContain('00:00:02,000 --> 00:00:05,000');
		const { captions, warnings } = await convert({ captions: srt, offset: -2.5 });
		expect(captions).toBe('1\n00:00:00,500 --> 00:00:01,500\nAgain\n');
		expect(warnings).toEqual([expect.stringContaining('1 caption would end before the beginning')]);
	});

	it('takes a file', async () => {
		expect((await convert({ captions: { url: 'https://example.com/a.srt' } })).captions).toBe(srt);
	});

	it.each([[''], ['Just a text'], [[]], [{}], [[{ text: 'b', start: 1, end: 2 }, { text: 'a', start: 0, end: 1 }]]])('refuses %j, naming the field', async (captions) => {
		await expect(convert({ captions })).rejects.toMatchObject({ type: 'InvalidInput', field: expect.stringMatching(/^captions/) });
	});
});
