import { z } from 'zod/v4';
import { agentSized, bytesOf } from '../../src/agent-sized';
import { operations } from '../../src/operations';
import { mediaKindOf } from '../../src/fields';

const word = (index: number) => ({ text: `word${index}`, start: index / 2, end: index / 2 + 0.4 });
const words = (count: number) => Array.from({ length: count }, (_, index) => word(index));

describe('an agent-sized answer', () => {
	it('leaves alone what is small', () => {
		const result = { text: 'Hello', words: words(3), warnings: [] };
		expect(agentSized(result, 3000)).toEqual({ answer: result, cut: {} });
	});

	it('says the names of a list only once where that makes all of it fit', () => {
		const { answer, cut } = agentSized({ voices: words(60), warnings: [] }, 2000);
		expect(answer.voices).toMatchObject({ columns: ['text', 'start', 'end'], rows: { length: 60 } });
		expect(cut).toEqual({});
	});

	it('shows the beginning of a long list, and says of how many', () => {
		const { answer, cut } = agentSized({ duration: 900, words: words(2000), warnings: ['Slow'] }, 3000);
		const { rows } = answer.words as { rows: unknown[] };
		expect(cut).toEqual({ words: `the first ${rows.length} of 2000` });
		expect(rows.length).toBeGreaterThan(80);
		expect(answer).toMatchObject({ duration: 900, warnings: ['Slow'] });
	});

	it('shares the room: what is short stays whole, and long texts are cut between characters', () => {
		const { answer, cut } = agentSized({ title: 'A short one', captions: { srt: '😀é'.repeat(3000), vtt: 'b'.repeat(9000) } }, 3000);
		expect(answer.title).toBe('A short one');
		const { srt, vtt } = answer.captions as { srt: string; vtt: string };
		expect(srt).toMatch(/^(😀é)+😀?…$/u);
		expect(vtt.length).toBeGreaterThan(1000);
		expect(cut).toEqual({ 'captions.srt': expect.stringMatching(/^the first \d+ of 9000 characters$/) as string, 'captions.vtt': `the first ${vtt.length - 1} of 9000 characters` });
	});

	it('leaves lists inside lists out, says so, and keeps plain ones as text', () => {
		const segments = Array.from({ length: 20 }, (_, index) => ({ ...word(index), words: words(30), styles: ['bold', 'italic'] }));
		const { answer, cut } = agentSized({ segments }, 3000);
		expect(answer.segments).toMatchObject({ columns: ['text', 'start', 'end', 'styles'] });
		expect((answer.segments as { rows: unknown[] }).rows[0]).toEqual(['word0', 0, 0.4, 'bold, italic']);
		expect(cut).toEqual({ 'segments.words': 'left out' });
	});

	it('never cuts what tells where a file is', () => {
		const url = `https://example.com/${'a'.repeat(900)}`;
		const video = { fileName: 'a.mp4', mimeType: 'video/mp4', size: 9, key: 'b'.repeat(300), url };
		const { answer } = agentSized({ video, url, srt: 'a '.repeat(9000) }, 3000);
		expect(answer).toMatchObject({ video, url });
	});

	it('drops what is largest when even plain values are too many', () => {
		const tags = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`tag${index}`, index]));
		const { answer, cut } = agentSized({ codec: 'flac', tags }, 1000);
		expect(answer).toEqual({ codec: 'flac' });
		expect(cut).toEqual({ tags: 'left out' });
	});
});

/** A value as large as a schema of an output lets it be in practice. */
function large(schema: z.ZodType): unknown {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return large(schema.def.innerType as z.ZodType);
	if (schema instanceof z.ZodObject) return Object.fromEntries(Object.entries(schema.shape).map(([key, one]) => [key, large(one as z.ZodType)]));
	if (schema instanceof z.ZodArray) return Array.from({ length: 120 }, () => large(schema.element as z.ZodType));
	if (schema instanceof z.ZodRecord) return Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key ${index}`, large(schema.def.valueType as z.ZodType)]));
	if (schema instanceof z.ZodUnion) return large((schema.options as z.ZodType[])[0] ?? z.null());
	if (schema instanceof z.ZodEnum) return schema.options[0];
	if (schema instanceof z.ZodLiteral) return schema.value;
	if (schema instanceof z.ZodNumber) return 1234.567;
	if (schema instanceof z.ZodBoolean) return true;
	if (schema instanceof z.ZodString) return 'Ein "Text" mit Zeilen\n'.repeat(20);
	throw new Error(`Expected a schema that this test knows, got ${schema.constructor.name} ${mediaKindOf(schema) ?? ''}`);
}

it.each(operations.map(({ name, output }) => [name, output] as const))('%s: the largest answer fits, and what is missing is told', (_, output) => {
	const result = large(output) as Record<string, unknown>;
	const { answer, cut } = agentSized(result, 3000);
	expect(bytesOf({ ...answer, cut })).toBeLessThanOrEqual(3000);
	const whole = Object.keys(result).filter((key) => JSON.stringify(answer[key]) === JSON.stringify(result[key]));
	for (const key of Object.keys(result).filter((one) => !whole.includes(one))) {
		const isTable = typeof answer[key] === 'object' && answer[key] !== null && 'columns' in answer[key];
		const told = Object.keys(cut).some((path) => path.split('.')[0] === key);
		expect([key, told || isTable]).toEqual([key, true]);
	}
});
