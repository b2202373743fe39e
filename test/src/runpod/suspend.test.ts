import { resumedJob, resumeWebhook, suspendUntil } from '../../../src/runpod/suspend';

it('the node’s id is appended to the path of the resume URL, whose token stays', () => {
	expect(resumeWebhook('https://n8n.example.com/webhook-waiting/231?signature=abc', 'node-1')).toBe('https://n8n.example.com/webhook-waiting/231/node-1?signature=abc');
	expect(resumeWebhook('https://n8n.example.com/webhook-waiting/231/', 'a b')).toBe('https://n8n.example.com/webhook-waiting/231/a%20b');
});

it.each(['http://localhost:5678', 'http://127.0.0.1:5678', 'http://192.168.1.5', 'http://n8n:5678', 'http://[::1]:5678', 'https://box.local'])(
	'RunPod cannot call back %s, one’s own runtime may',
	(origin) => {
		expect(() => resumeWebhook(`${origin}/webhook-waiting/1?signature=secret`, 'n')).toThrow(/reached from outside.*N8N_WEBHOOK_URL/);
		expect(resumeWebhook(`${origin}/webhook-waiting/1`, 'n', 'http://10.0.0.2:8000/v2')).toContain('/webhook-waiting/1/n');
	},
);

it('a refused resume URL does not show its token', () => {
	expect(() => resumeWebhook('http://localhost:5678/webhook-waiting/1?signature=secret', 'n')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }));
});

it.each([{ id: 'other' }, {}, null, 'text', { id: 7 }])('a call about another job is refused: %j', (body) => {
	expect(() => resumedJob(body, 'job-1')).toThrow(/Expected a call about job job-1/);
});

it('of a call about the right job only the id is taken', () => {
	expect(resumedJob({ id: 'job-1', status: 'COMPLETED', output: 'forged' }, 'job-1')).toBe('job-1');
});

it('the wait ends a little after the job must have ended', () => {
	expect(suspendUntil(600, 60, 0)).toEqual(new Date(690_000));
});
