import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cancelled } from '../../src/errors';
import { download, type DownloadOptions } from '../../gpu-runtime/fetch';
import type { Resolver } from '../../gpu-runtime/http/address-guard';

let folder: string;
let path: string;
const servers: { close(): void }[] = [];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'fetch-test-'));
	path = join(folder, 'file.bin');
});
afterEach(async () => {
	for (const server of servers.splice(0)) server.close();
	await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
	const server: Server = createServer(listener);
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	servers.push({ close: () => void (server.close(), server.closeAllConnections()) });
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that says exactly these bytes and then does `after`. */
async function serveRaw(text: string, after: (socket: Socket) => void): Promise<string> {
	const sockets = new Set<Socket>();
	const server = createRawServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.once('data', () => socket.write(text, () => after(socket)));
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	servers.push({ close: () => void (server.close(), sockets.forEach((socket) => socket.destroy())) });
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;
const fetchFile = (url: string, options: Partial<DownloadOptions> = {}) =>
	download(url, path, { signal: never, maxBytes: 1_000_000, timeLimit: 10, stallLimit: 5, allowPrivate: true, field: 'video', ...options });

/** What a failed download says; it leaves no file. */
async function failure(url: string, options: Partial<DownloadOptions> = {}) {
	const error = await fetchFile(url, options).then(
		() => {
			throw new Error('the download should have failed');
		},
		(reason: unknown) => reason,
	);
	expect(await readdir(folder)).toEqual([]);
	return error;
}

describe('what comes', () => {
	it('is written whole, with the type and name that the server gives', async () => {
		const bytes = Buffer.alloc(300_000, 7);
		const url = await serve((_, response) => response.setHeader('content-type', 'video/mp4').end(bytes));
		expect(await fetchFile(`${url}/clips/a.mp4?token=secret`)).toEqual({ size: 300_000, mimeType: 'video/mp4', fileName: 'a.mp4' });
		expect((await readFile(path)).equals(bytes)).toBe(true);
		expect(await readdir(folder)).toEqual(['file.bin']);
	});

	it('may be empty', async () => {
		const url = await serve((_, response) => response.end());
		expect(await fetchFile(url)).toMatchObject({ size: 0 });
	});

	it('may be behind redirections, but no more than five', async () => {
		const url = await serve((request, response) => {
			const hop = Number(new URL(request.url ?? '', 'http://x').searchParams.get('hop'));
			if (hop === 0) response.end('there');
			else response.writeHead(302, { location: `/file.txt?hop=${hop - 1}` }).end();
		});
		expect(await fetchFile(`${url}/?hop=5`)).toMatchObject({ size: 5, fileName: 'file.txt' });
		await rm(path);
		expect(await failure(`${url}/?hop=6`)).toMatchObject({ type: 'InvalidInput', code: 'too_many_redirects' });
	});

	it('is asked for with the user name and password of the url, which no redirection gets', async () => {
		const seen: (string | undefined)[] = [];
		const url = await serve((request, response) => {
			seen.push(request.headers.authorization);
			if (request.url === '/') response.writeHead(302, { location: '/other' }).end();
			else response.end('x');
		});
		await fetchFile(url.replace('//', '//me:pass@'));
		expect(seen).toEqual([`Basic ${Buffer.from('me:pass').toString('base64')}`, undefined]);
	});
});

describe('an address', () => {
	const elsewhere: Resolver = (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
	const forms = [
		'127.0.0.1',
		'localhost',
		'127.1',
		'2130706433',
		'0x7f000001',
		'0177.0.0.1',
		'0x7f.0.0.1',
		'0',
		'[::1]',
		'[::ffff:127.0.0.1]',
		'[::ffff:7f00:1]',
		'169.254.169.254',
		'10.0.0.1',
		'192.168.0.1',
		'[fe80::1]',
		'[fd00::1]',
	];
	it.each(forms)('http://%s is refused as private', async (host) => {
		const error = await failure(`http://${host}:1/`, { allowPrivate: false });
		expect(error).toMatchObject({ type: 'InvalidInput', code: 'private_address', field: 'video', retryable: false });
	});

	it('is checked behind the name that leads to it', async () => {
		const error = await failure('http://files.example.com/a.mp4', { allowPrivate: false, resolve: elsewhere });
		expect(error).toMatchObject({ code: 'private_address', message: expect.stringContaining('127.0.0.1') });
	});

	it('is the checked one that is connected to, whatever a second look-up of the name would say', async () => {
		let asked = 0;
		const rebinding: Resolver = (_host, _options, done) => done(null, [asked++ === 0 ? { address: '192.0.2.1', family: 4 } : { address: '127.0.0.1', family: 4 }]);
		const url = await serve((_, response) => response.end('secret'));
		expect(await failure(url.replace('127.0.0.1', 'rebind.example.com'), { allowPrivate: false, resolve: rebinding })).toMatchObject({ code: 'private_address' });
		expect(asked).toBe(1);
	});

	it('is checked again after a redirection', async () => {
		const inner = await serve((_, response) => response.end('secret'));
		const outer = await serve((_, response) => response.writeHead(302, { location: inner }).end());
		expect(await failure(outer, { allowPrivate: [outer] })).toMatchObject({ type: 'InvalidInput', code: 'private_address' });
		expect(await fetchFile(outer, { allowPrivate: [outer, inner] })).toMatchObject({ size: 6 });
	});

	it.each(['file:///etc/passwd', 'ftp://example.com/a', 'data:text/plain,hi', 'gopher://x', 'not a url', '//host/path'])('%s is no http url', async (url) => {
		expect(await failure(url)).toMatchObject({ type: 'InvalidInput', code: 'bad_url', field: 'video' });
	});

	it.each(['file:///etc/passwd', 'ftp://example.com/a'])('%s is refused as the target of a redirection', async (location) => {
		const url = await serve((_, response) => response.writeHead(302, { location }).end());
		expect(await failure(url)).toMatchObject({ type: 'InvalidInput', code: 'bad_url' });
	});
});

describe('an answer', () => {
	it.each([
		[404, 'InvalidInput', 'url_not_found', false],
		[403, 'InvalidInput', 'url_refused', false],
		[204, 'InvalidInput', 'url_refused', false],
		[304, 'InvalidInput', 'url_refused', false],
		[429, 'OperationFailed', 'download_failed', true],
		[500, 'OperationFailed', 'download_failed', true],
		[503, 'OperationFailed', 'download_failed', true],
	])('of HTTP %i is an error', async (status, type, code, retryable) => {
		const url = await serve((_, response) => response.writeHead(status).end());
		expect(await failure(`${url}/a.mp4`)).toMatchObject({ type, code, retryable, message: expect.stringContaining(`HTTP ${status}`) });
	});

	it('that declares too many bytes is refused before they come', async () => {
		const url = await serveRaw('HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\nx', () => undefined);
		expect(await failure(url)).toMatchObject({ type: 'InvalidInput', code: 'download_too_large', field: 'video' });
	});

	it('that does not tell its size is cut off at the limit', async () => {
		const url = await serve((_, response) => {
			const more = () => {
				while (response.writable && response.write(Buffer.alloc(65_536)));
			};
			response.on('drain', more);
			more();
		});
		expect(await failure(url)).toMatchObject({ code: 'download_too_large', message: expect.stringContaining('at most 1 MB') });
	});

	it('that is shorter than it said is an error, and worth another try', async () => {
		const url = await serveRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort', (socket) => socket.end());
		expect(await failure(url)).toMatchObject({ type: 'OperationFailed', code: 'download_failed', retryable: true });
	});

	it('that breaks off in chunks is an error', async () => {
		const url = await serveRaw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n', (socket) => socket.destroy());
		expect(await failure(url)).toMatchObject({ code: 'download_failed', retryable: true });
	});

	it('that is no HTTP is an error', async () => {
		const url = await serveRaw('SSH-2.0-OpenSSH_9\r\n', () => undefined);
		expect(await failure(url)).toMatchObject({ type: 'OperationFailed' });
	});
});

describe('time', () => {
	it('without a byte is limited', async () => {
		const url = await serveRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx', () => undefined);
		expect(await failure(url, { stallLimit: 0.2 })).toMatchObject({ type: 'OperationFailed', code: 'download_stalled', retryable: true });
	});

	it('before the answer is limited', async () => {
		const url = await serve(() => undefined);
		expect(await failure(url, { stallLimit: 0.2 })).toMatchObject({ code: 'download_stalled' });
	});

	it('is limited as a whole, however steadily bytes come', async () => {
		const url = await serve((_, response) => {
			const timer = setInterval(() => response.write('x'), 20);
			response.on('close', () => clearInterval(timer));
		});
		expect(await failure(url, { timeLimit: 0.3, stallLimit: 0.2 })).toMatchObject({ type: 'TimedOut', code: 'download_timed_out' });
	});

	it('ends at a cancel, which closes the connection and leaves nothing', async () => {
		const stop = new AbortController();
		const reason = new Cancelled();
		let closed = () => {};
		const left = new Promise<void>((done) => (closed = done));
		const url = await serve((_, response) => {
			response.write('x');
			response.on('close', closed);
			setTimeout(() => stop.abort(reason), 50);
		});
		expect(await failure(url, { signal: stop.signal })).toBe(reason);
		await left;
	});

	it('does not begin for a job that was cancelled already', async () => {
		await expect(fetchFile('http://127.0.0.1:1', { signal: AbortSignal.abort(new Cancelled()) })).rejects.toThrow(Cancelled);
	});
});

describe('a message', () => {
	it('names a server that is not there, and says to try again', async () => {
		const error = await failure('http://127.0.0.1:1/a.mp4');
		expect(error).toMatchObject({ type: 'OperationFailed', retryable: true, message: expect.stringMatching(/http:\/\/127\.0\.0\.1:1\/a\.mp4.*ECONNREFUSED/) });
	});

	it('names a host that does not exist as the input\'s fault', async () => {
		const missing: Resolver = (host, _options, done) => done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), []);
		expect(await failure('http://nowhere.example.com/a', { allowPrivate: false, resolve: missing })).toMatchObject({ type: 'InvalidInput', code: 'host_not_found' });
	});

	it('never shows the query, the user name or the password', async () => {
		const url = await serve((_, response) => response.writeHead(302, { location: '/next?sig=hidden2' }).end());
		const errors = [
			await failure(`${url.replace('//', '//hidden0:hidden1@')}/a?X-Amz-Signature=hidden3`),
			await failure('http://hidden0:hidden1@127.0.0.1:1/a?token=hidden3#hidden4'),
			await failure('ftp://hidden0:hidden1@127.0.0.1/a?token=hidden3'),
			await failure('http://hidden0:hidden1@[broken/a?token=hidden3'),
		];
		for (const error of errors) expect(String((error as Error).message) + JSON.stringify(error)).not.toContain('hidden');
	});

	it('says when the disk cannot take the file', async () => {
		const url = await serve((_, response) => response.end('x'));
		await expect(download(url, join(folder, 'no', 'such', 'folder'), { signal: never, maxBytes: 10, timeLimit: 5, stallLimit: 5, allowPrivate: true })).rejects.toMatchObject({
			type: 'OperationFailed',
			retryable: false,
		});
	});
});
