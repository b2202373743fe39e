import { InvalidInput } from '../../../src/errors';
import { bodyOf, readInput } from '../../../src/runpod/payload';
import { limits } from '../../../src/runpod/protocol';

const submission = (text: string) => ({ input: { operation: 'generate_draft_tts', text }, deadline: 60, queueAllowance: 0 });
const overhead = (kind: 'run' | 'runsync') => Buffer.byteLength(bodyOf(submission(''), kind));

it.each(['run', 'runsync'] as const)('a %s request of exactly the limit passes, one byte more does not', (kind) => {
	const room = limits[kind].request - overhead(kind);
	expect(Buffer.byteLength(bodyOf(submission('x'.repeat(room)), kind))).toBe(limits[kind].request);
	expect(() => bodyOf(submission('x'.repeat(room + 1)), kind)).toThrow(InvalidInput);
});

it('size is counted in bytes, and the largest field is named', () => {
	const room = limits.run.request - overhead('run');
	expect(() => bodyOf(submission('é'.repeat(room / 2 + 1)), 'run')).toThrow(/^text: Expected a request of at most 10000000 bytes, got 1000000\d.*url or storage key/);
});

it('what is not set is not sent', () => {
	expect(JSON.parse(bodyOf(submission('a'), 'run'))).toEqual({ input: { operation: 'generate_draft_tts', text: 'a' }, policy: { executionTimeout: 60_000, ttl: 120_000 } });
});

it.each([
	{ input: { operation: 'upload', handler: 'storage', file_data: 'aGk=' }, is: { operation: 'upload', fields: { handler: 'storage', file_data: 'aGk=' } } },
	{ input: { endpoint: 'transcribe', audio_url: 'https://a/b' }, is: { operation: 'transcribe', fields: { audio_url: 'https://a/b' } } },
])('an input names its operation: $input', ({ input, is }) => {
	expect(readInput(input)).toEqual(is);
});

it.each([undefined, null, [], 'transcribe', {}, { operation: 7 }, { operation: '' }])('an input that names no operation is refused: %j', (input) => {
	expect(() => readInput(input)).toThrow(InvalidInput);
});
