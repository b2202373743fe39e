import { z } from 'zod/v4';
import { fieldsOf } from '../../src/fields';
import { color, media } from '../../src/vocabulary';

const words = { label: 'Word' };
const one = (schema: z.ZodType, more: object = {}) => fieldsOf(z.object({ key: schema }), { key: { ...words, ...more } })[0];

describe('what a field is, read from its schema', () => {
	it.each([
		['a text with bounds', z.string().min(1).max(9), { kind: 'text', min: 1, max: 9, required: true }],
		['a colour', color().default('#fff'), { kind: 'text', color: true, default: '#fff' }],
		['a whole number', z.number().int().min(1).max(10).default(5), { kind: 'number', integer: true, min: 1, max: 10, default: 5, required: false }],
		['a choice', z.enum(['a', 'b']), { kind: 'choice', values: ['a', 'b'] }],
		['a file', media('audio').optional(), { kind: 'media', media: 'audio', required: false }],
		['a list of files', z.array(media('video')).min(1).max(100), { kind: 'mediaList', media: 'video', min: 1, max: 100 }],
		['a file or the thing itself', z.union([z.string(), media('any')]), { kind: 'mediaOrText' }],
	])('%s', (_, schema, expected) => {
		expect(one(schema)).toMatchObject(expected);
	});

	it('an object or false', () => {
		const schema = z.union([z.literal(false), z.object({ size: z.number().default(1) })]).prefault({});
		expect(one(schema, { fields: { size: words } })).toMatchObject({ kind: 'switchable', fields: [{ key: 'size', default: 1 }] });
	});

	it('an object whose keys depend on one of them', () => {
		const schema = z.discriminatedUnion('engine', [z.object({ engine: z.literal('a'), pitch: z.number() }), z.object({ engine: z.literal('b') })]);
		expect(one(schema, { variants: { a: { pitch: words } } })).toMatchObject({
			kind: 'variants',
			discriminator: 'engine',
			variants: [{ name: 'a', fields: [{ key: 'pitch' }] }, { name: 'b', fields: [] }],
		});
	});

	it('words that fit no key, and a key without words, stop the build', () => {
		expect(() => fieldsOf(z.object({ a: z.string() }), { b: words })).toThrow('Words and schema disagree about a, b');
	});
});
