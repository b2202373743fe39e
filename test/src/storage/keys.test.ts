import { checkKey, resultKey, safeName, uploadKey } from '../../../src/storage/keys';

it.each(['a.mp4', 'a b.mp4', 'été/ü.mp4', 'a+b&c%20d.mp4', '名前.png', '.hidden', 'a..b', 'x'.repeat(1024)])('%s is a key', (key) => {
	expect(checkKey(key)).toBe(key);
});

it('blanks around a key are left out', () => {
	expect(checkKey('  videos/a.mp4\n')).toBe('videos/a.mp4');
});

it.each([
	['', /empty/],
	['   ', /empty/],
	['/a.mp4', /slash at its start/],
	['../a.mp4', /dots/],
	['a/../b', /dots/],
	['a/./b', /dots/],
	['a/..', /dots/],
	['a\u0000b', /control/],
	['x'.repeat(1025), /1025 bytes/],
	['é'.repeat(513), /1026 bytes/],
])('%j is no key', (key, problem) => {
	expect(() => checkKey(key, 'key')).toThrow(expect.objectContaining({ type: 'InvalidInput', code: 'bad_key', field: 'key', message: expect.stringMatching(problem) }));
});

it.each([
	['My Clip (1).mp4', 'My-Clip-1.mp4'],
	['été.PNG', 'ete.PNG'],
	['../../etc/passwd', 'passwd'],
	['C:\\temp\\a.wav', 'a.wav'],
	['名前.png', 'file.png'],
	['', 'file'],
	['...', 'file'],
	['noending', 'noending'],
	['a.tar.gz', 'a.tar.gz'],
])('the name %j becomes %s', (name, safe) => {
	expect(safeName(name)).toBe(safe);
});

it('a key that nobody chose tells the kind of file', () => {
	expect(uploadKey({ prefix: 'n8n', mimeType: 'video/mp4', id: 'abc', fileName: 'My Clip.MP4' })).toBe('n8n/video/abc.mp4');
	expect(uploadKey({ prefix: '', mimeType: 'application/octet-stream', id: 'abc', fileName: 'data' })).toBe('application/abc');
});

it('the key of a result tells its day and its job', () => {
	const key = resultKey({ prefix: 'out', date: new Date('2025-03-01T23:00:00Z'), jobId: 'job/1', fileName: 'a b.mp4' });
	expect(key).toBe('out/2025-03-01/1/a-b.mp4');
});
