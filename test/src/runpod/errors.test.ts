import { errorOfAnswer, errorOfJob } from '../../../src/runpod/errors';
import { redact } from '../../../src/runpod/redact';

const failed = (error: unknown, more = {}) => errorOfJob({ id: 'job-1', status: 'FAILED', error, ...more });

it('a Python worker’s JSON error becomes type and message, its traceback stays beside', () => {
	const error = failed(JSON.stringify({ error_type: "<class 'ValueError'>", error_message: 'boom', error_traceback: `Traceback\n${'x'.repeat(10_000)}`, hostname: 'h' }));
	expect(error).toMatchObject({ type: 'RemoteJobFailed', code: 'job_failed', message: 'Job job-1 failed on the endpoint: ValueError: boom. Look into the endpoint\'s logs', cause: { jobId: 'job-1' } });
	expect(error.message).not.toContain('Traceback');
	expect((error.cause as { traceback: string }).traceback.length).toBeLessThan(2010);
});

it.each([
	['plain text', 'out of memory', /: out of memory\. Look into the endpoint's logs$/],
	['an object', { message: 'no such voice' }, /: no such voice\. Look into the endpoint's logs$/],
	['an object of unknown form', { reason: 5 }, /\{"reason":5\}\. Look into the endpoint's logs$/],
	['nothing', undefined, /it gave no reason\. Look into the endpoint's logs$/],
	['a number as text', '42', /: 42\. Look into the endpoint's logs$/],
	['a very long text', 'x'.repeat(5000), /^.{0,1100}$/],
])('an error that is %s is understood', (_, error, message) => {
	expect(failed(error).message).toMatch(message);
});

it.each([
	['in its output', (wire: object) => failed('whatever', { output: { status: 'error', error: wire } })],
	['in its error text', (wire: object) => failed(JSON.stringify({ error_type: 'InvalidInput', error_message: 'other', tool_error: wire }))],
])('an error that our own worker tells %s comes back as what it was', (_, told) => {
	expect(told({ code: 'unknown_voice', type: 'InvalidInput', message: 'voice: Expected one of …', field: 'voice', retryable: false })).toMatchObject({
		name: 'InvalidInput',
		type: 'InvalidInput',
		code: 'unknown_voice',
		field: 'voice',
		message: 'voice: Expected one of …',
	});
});

it('a time-out and a cancel on the endpoint are such here', () => {
	expect(errorOfJob({ id: 'a', status: 'TIMED_OUT', error: 'job timed out after 1 retries' })).toMatchObject({ type: 'TimedOut', code: 'remote_timed_out' });
	expect(errorOfJob({ id: 'a', status: 'CANCELLED' })).toMatchObject({ type: 'Cancelled', code: 'cancelled' });
});

it('signatures, passwords and keys are cut out of what a job says', () => {
	const signed = 'https://user:pass@s3.example.com/b/k.mp4?X-Amz-Signature=abcdef&X-Amz-Credential=AKIA';
	for (const error of [`cannot read ${signed}`, JSON.stringify({ error_message: `cannot read ${signed}`, error_traceback: signed })]) {
		const made = failed(error);
		expect(JSON.stringify([made.message, made.cause])).not.toMatch(/abcdef|AKIA|pass/);
	}
	expect(redact('Authorization: Bearer rp_abc.def, key sk-1', ['sk-1'])).toBe('Authorization: Bearer …, key …');
		expect(redact('a key a', ['a'])).toBe('a key a');
	expect(redact('see https://example.com/path and https://example.com/?a=b.')).toBe('see https://example.com/path and https://example.com/?…');
});

it('an account out of credit is told as such, and what to do about it', () => {
	const error = errorOfAnswer({ status: 402, body: {}, text: '', error: 'insufficient balance', retryAfter: undefined }, 'run');
	expect(error).toMatchObject({ type: 'RemoteJobFailed', code: 'out_of_credit', retryable: false, message: expect.stringMatching(/out of credit.*Add credit.*insufficient balance/) });
});
