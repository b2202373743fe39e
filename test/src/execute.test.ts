import { Cancelled, fromWireError, InvalidInput, toWireError } from '../../src/errors';
import { envelope, readRequest } from '../../src/execute';
import { operations } from '../../src/operations';

const read = (name: string, raw: unknown) => readRequest(name, raw, { allowFiles: false });
const failure = (work: () => unknown) => {
	try {
		work();
	} catch (error) {
		return toWireError(error);
	}
	throw new Error('Expected a failure');
};

describe('the door', () => {
	it('names the known operations when it does not know one', () => {
		expect(failure(() => read('generate_everything', {}))).toMatchObject({ code: 'unknown_operation', message: expect.stringContaining('generate_draft_tts') });
	});

	it('every operation runs its own example as it stands', () => {
		for (const { name, example } of operations) expect(() => readRequest(name, example, { allowFiles: true })).not.toThrow();
	});

	it('takes snake_case for camelCase', () => {
		const { input } = read('convert_captions', { captions: '1\n00:00:00,000 --> 00:00:01,000\nHi\n', line_length: 20 });
		expect(input).toMatchObject({ lineLength: 20 });
	});

	it.each([
		['a missing field', { }, { field: 'text', message: 'text: Expected a value, got nothing. Fill it in, or look at what should have filled it in' }],
		['an empty text', { text: '' }, { field: 'text', message: 'text: Expected a text, got an empty one. Fill it in, or look at what should have filled it in' }],
		['a number out of bounds', { text: 'x', speed: 9 }, { field: 'speed', message: 'speed: Expected at most 3, got 9. Enter a smaller number' }],
		['a number as text', { text: 'x', speed: 'fast' }, { field: 'speed', message: 'speed: Expected a number, got "fast". Correct it, or look at what filled it in' }],
		['an unknown choice', { text: 'x', format: 'aiff' }, { field: 'format', message: expect.stringMatching(/^format: Expected one of wav, .*, got "aiff"\. Choose one of them$/) }],
		['an unknown field', { text: 'x', sped: 2 }, { field: 'sped', message: expect.stringMatching(/^sped: Unknown field. Expected one of text, /) }],
		['no object', 'text', { field: 'input', message: 'input: Expected an object, got "text"' }],
	])('tells of %s: field, what was expected, what came', (_, raw, expected) => {
		expect(failure(() => read('generate_draft_tts', raw))).toMatchObject({ type: 'InvalidInput', retryable: false, ...expected });
	});

	it('takes a plain url and a data URL for a media reference', () => {
		expect(read('get_video_info', { video: 'https://example.com/a.mp4' }).input).toEqual({ video: { url: 'https://example.com/a.mp4' } });
		expect(read('get_video_info', { video: 'data:video/mp4;base64,AAAA' }).input).toEqual({ video: { base64: 'data:video/mp4;base64,AAAA' } });
	});

	it.each([
		['video_url', { video_url: 'https://example.com/a.mp4' }, { url: 'https://example.com/a.mp4' }],
		['video_id', { video_id: 'clips/a.mp4', handler: 'get_video_info' }, { key: 'clips/a.mp4' }],
	])('takes the older %s', (_, raw, video) => {
		expect(read('get_video_info', raw).input).toEqual({ video });
	});

	it('refuses a local path where it is not on a private channel', () => {
		expect(failure(() => read('get_video_info', { video: { file: '/etc/passwd' } }))).toMatchObject({ code: 'file_not_allowed', field: 'video' });
	});

	it('refuses two forms of one file, and none', () => {
		expect(failure(() => read('get_video_info', { video: { url: 'https://a.example/b', key: 'b' } })).message).toContain('exactly one of');
		expect(failure(() => read('get_video_info', { video: {} })).message).toContain('exactly one of');
	});

	it('never quotes a long value, so no file ends up in an error', () => {
		const { message } = failure(() => read('generate_draft_tts', { text: 'x', format: 'A'.repeat(5000) }));
		expect(message).toContain('a text of 5000 characters');
	});
});

describe('errors on the wire', () => {
	it('keep class, code, field and advice from one side to the other', () => {
		const error = new InvalidInput('speed: too fast', { field: 'speed', code: 'too_fast' });
		expect(fromWireError(toWireError(error))).toMatchObject({ name: 'InvalidInput', message: 'speed: too fast', field: 'speed', code: 'too_fast' });
	});

	it('an envelope holds whatever went wrong', async () => {
		expect(await envelope(() => Promise.reject(new Cancelled()))).toEqual({
			status: 'error',
			error: { code: 'cancelled', type: 'Cancelled', message: 'The job was cancelled', retryable: false },
		});
		expect(await envelope(() => Promise.reject(new TypeError('x is undefined')))).toMatchObject({ error: { code: 'unexpected', type: 'OperationFailed' } });
	});
});
