import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, OperationFailed } from '../../../src/errors';

export type Library = typeof import('onnxruntime-node');

const waysOut =
	'Three ways out: run the speech engines in the runtime container and point "Run On" at it; run them on RunPod; or run n8n on a Debian-based image.';

/** Loads onnxruntime's native half, which is built for glibc and needs no other thing of the system. */
export async function loadLibrary(load = () => import('onnxruntime-node'), host = thisHost()): Promise<Library> {
	if (host.platform === 'linux' && !host.glibc) {
		throw new OperationFailed(
			`The speech models need onnxruntime, which needs glibc; this system (Alpine, musl) has none. ${waysOut} ffmpeg operations and the draft voice work here as they are.`,
			{ code: 'onnx_unsupported' },
		);
	}
	try {
		const library = await load();
		library.env.logLevel = 'fatal'; // Errors are thrown; printed as well they would only alarm.
		return library;
	} catch (cause) {
		throw new OperationFailed(`The speech models need onnxruntime, which could not be loaded: ${messageOf(cause)}. ${waysOut}`, {
			code: 'onnx_unsupported',
			cause,
		});
	}
}

/** Whether the C library is glibc decides everything; Node's own report is the sure way to know. */
function thisHost() {
	const report: unknown = process.report.getReport();
	const header = typeof report === 'object' && report !== null && 'header' in report ? report.header : undefined;
	const glibc = typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
	return { platform: process.platform, glibc };
}

/** onnxruntime says only that a library failed to load; the loader knows which one was not found. */
export function whyCudaFails(said: string): string {
	const folder = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin', 'napi-v6', process.platform, process.arch);
	const library = join(folder, 'libonnxruntime_providers_cuda.so');
	if (!existsSync(library)) return `${said} (the CUDA part of onnxruntime is not installed: no ${library})`;
	try {
		process.dlopen({ exports: {} }, library);
		return said;
	} catch (error) {
		const reason = messageOf(error);
		return reason.includes('cannot open shared object') ? `${said} (${reason})` : said;
	}
}
