import { z } from 'zod/v4';
import { readSettings } from '../../gpu-runtime/settings';
import { captionSource } from '../../src/captions/read';
import { explain } from '../../src/explain';

const messageOf = (schema: z.ZodType, input: unknown) => explain(schema.safeParse(input).error as z.ZodError, input).message;

describe('explain', () => {
	test('tells what captions may be where they are none of it, and the very place where they nearly are', () => {
		const schema = z.object({ captions: captionSource });
		expect(messageOf(schema, { captions: { words: [] } })).toBe(
			'captions: Expected a list of words with their times, the text of an SRT, VTT or ASS file, or such a file, got an object with words. Correct it, or look at what filled it in',
		);
		expect(messageOf(schema, { captions: [{ text: 'Hello', start: 'soon' }] })).toBe('captions.0.start: Expected a number, got "soon". Correct it, or look at what filled it in');
	});

	test('says of a union without words of its own what its closest alternative says', () => {
		expect(messageOf(z.object({ box: z.union([z.literal(false), z.strictObject({ color: z.string() })]) }), { box: { colour: 'red', color: 'red' } })).toBe(
			'box: Unknown field colour, got an object with colour, color. Look at the spelling',
		);
	});
});

test.each([
	['AI_AGENT_TOOLS_THREADS', 'many', 'Expected a number, got "many"'],
	['AI_AGENT_TOOLS_DEVICE', 'gpu', 'Expected one of cpu, cuda, auto, got "gpu"'],
	['AI_AGENT_TOOLS_PUBLIC_URL', 'box.example.com', 'Expected a web address (https://…), got "box.example.com"'],
	['AI_AGENT_TOOLS_QUEUE', '0', 'Expected at least 1, got "0"'],
])('a setting that makes no sense is told as what was expected and what came: %s=%s', (name, value, told) => {
	expect(() => readSettings({ [name]: value })).toThrow(`Environment variable ${name}: ${told}`);
});
