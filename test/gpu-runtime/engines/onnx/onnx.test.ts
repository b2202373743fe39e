/** @jest-environment ./test/support/node-environment.js */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createOnnx, f32, floats, type LoadRequest, type Model, type OnnxOptions } from '../../../../gpu-runtime/engines/onnx';
import { loadLibrary, type Library } from '../../../../gpu-runtime/engines/onnx/library';
import { proofModel } from '../../../../gpu-runtime/engines/onnx/proof';
import { Cancelled } from '../../../../src/errors';
import { graph, model, node, tensor, types, value } from '../../../support/models/onnx-writer';
import { writeNegation } from '../../../support/models/simple';

let folder: string;
let paths: string[];

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'onnx-'));
	paths = ['a', 'b', 'c'].map((name) => join(folder, name, 'model.onnx'));
	await Promise.all(paths.map(async (path) => {
		await mkdir(dirname(path));
		await writeNegation(path);
	}));
});
afterAll(() => rm(folder, { recursive: true }));

const request = (facts: Partial<LoadRequest> = {}): LoadRequest => ({ device: 'cpu', signal: new AbortController().signal, ...facts });
const [a, b, c] = [() => paths[0] ?? '', () => paths[1] ?? '', () => paths[2] ?? ''];
const negate = async (loaded: Model, ...values: number[]) =>
	Array.from(floats((await loaded.run({ x: f32(values, [values.length]) })).y, 'y'));

/** A seat over the real library that remembers which files it opened and how many sessions are open. */
async function observed(options: OnnxOptions = {}) {
	const real = await loadLibrary();
	const opened: string[] = [];
	const state = { open: 0, most: 0 };
	const { InferenceSession } = real;
	const create: typeof InferenceSession.create = async (...args: [never]) => {
		const session = await InferenceSession.create(...args);
		if (typeof args[0] === 'string') {
			opened.push(args[0]);
			state.most = Math.max(state.most, ++state.open);
			const release = session.release.bind(session);
			session.release = async () => {
				state.open--;
				await release();
			};
		}
		return session;
	};
	const library: Library = { ...real, InferenceSession: { ...InferenceSession, create } };
	return { onnx: createOnnx({ ...options, library: async () => library }), opened, state };
}

describe('models', () => {
	it('gives the inputs, outputs, provider and load seconds of a model, and runs it', async () => {
		const onnx = createOnnx();
		const loaded = await onnx.load(a(), request());
		expect(loaded).toMatchObject({
			provider: 'cpu',
			device: 'cpu',
			inputs: [{ name: 'x', type: 'float32', shape: ['n'] }],
			outputs: [{ name: 'y', type: 'float32', shape: ['n'] }],
		});
		expect(loaded.loadSeconds).toBeGreaterThan(0);
		expect(await negate(loaded, 1, 2)).toEqual([-1, -2]);
		await onnx.close();
	});

	it('loads a model once for all that ask at the same time, and the next one waits for no load', async () => {
		const { onnx, opened } = await observed();
		await Promise.all([1, 2, 3].map(() => onnx.load(a(), request())));
		const next = await onnx.load(a(), request());
		expect(opened).toEqual([a()]);
		expect(next.loadSeconds).toBeLessThan(0.005);
		await onnx.close();
	});

	it('keeps at most the allowed number, and the least recently used leaves', async () => {
		const { onnx, opened, state } = await observed({ maxResident: 2 });
		await onnx.load(a(), request());
		await onnx.load(b(), request());
		await onnx.load(a(), request());
		await onnx.load(c(), request());
		expect(state.open).toBe(2);
		await onnx.load(a(), request());
		expect(opened).toEqual([a(), b(), c()]);
		await onnx.load(b(), request());
		expect(opened).toEqual([a(), b(), c(), b()]);
		await onnx.close();
		expect(state.open).toBe(0);
	});

	it('lets one go before the next one is loaded, so that no moment needs the memory of both', async () => {
		const { onnx, state } = await observed({ maxResident: 1 });
		for (const path of [a(), b(), c(), a()]) await onnx.use(request(), (turn) => turn.load(path));
		expect(state).toEqual({ open: 1, most: 1 });
		await onnx.close();
	});

	it('counts a model in two precisions as two, and a graph that both share once', async () => {
		const { onnx, opened, state } = await observed({ maxResident: 1 });
		const [shared, small] = ['shared', 'small'].map((name) => join(dirname(a()), `${name}.onnx`)) as [string, string];
		for (const path of [shared, small]) await writeNegation(path);
		const open = (model: string, ...graphs: string[]) =>
			onnx.use(request({ model }), async (turn) => {
				for (const path of graphs) await turn.load(path);
			});
		await open('a q4', shared, small);
		await open('a fp32', shared, a());
		expect(opened).toEqual([shared, small, a()]);
		expect(state.open).toBe(2);
		await onnx.close();
	});

	it('lets no model go while a job holds it', async () => {
		const { onnx, opened, state } = await observed({ maxResident: 1 });
		await onnx.use(request(), async (turn) => {
			const [first] = [await turn.load(a()), await turn.load(b()), await turn.load(c())];
			expect(await negate(first, 3)).toEqual([-3]);
			expect(state.open).toBe(3);
		});
		expect(opened).toHaveLength(3);
		expect(state.open).toBe(1);
		await onnx.close();
	});

	it('counts the graphs of one model as one', async () => {
		const { onnx, state } = await observed({ maxResident: 1 });
		const sibling = join(dirname(a()), 'decoder.onnx');
		await writeNegation(sibling);
		await onnx.load(a(), request());
		await onnx.load(sibling, request());
		expect(state.open).toBe(2);
		await onnx.load(b(), request());
		expect(state.open).toBe(1);
		await onnx.close();
	});

	it('runs a model that has left by loading it again', async () => {
		const { onnx, opened } = await observed({ maxResident: 1 });
		const first = await onnx.load(a(), request());
		await onnx.load(b(), request());
		expect(await negate(first, 3)).toEqual([-3]);
		expect(opened).toEqual([a(), b(), a()]);
		await onnx.close();
	});

	it('names the file and the way out when a model is damaged, and loads it once it is whole', async () => {
		const onnx = createOnnx();
		const path = join(folder, 'damaged.onnx');
		await writeFile(path, 'half a mod');
		await expect(onnx.load(path, request())).rejects.toMatchObject({
			code: 'model_unreadable',
			message: expect.stringMatching(/damaged\.onnx.*models verify/),
		});
		await writeNegation(path);
		expect(await negate(await onnx.load(path, request()), 1)).toEqual([-1]);
		await onnx.close();
	});

	it('names the model when a step fails', async () => {
		const onnx = createOnnx();
		const loaded = await onnx.load(a(), request());
		await expect(loaded.run({ wrong: f32([1], [1]) })).rejects.toMatchObject({ code: 'model_failed', message: expect.stringContaining(a()) });
		await onnx.close();
	});
});

describe('providers', () => {
	it('proves them with a model that is what the test writes', () => {
		const written = model(
			graph({
				constants: [tensor('w', types.f32, [1, 1, 2], [1, 1])],
				nodes: [node('Conv', ['x', 'w'], ['y'])],
				inputs: [value('x', types.f32, [1, 1, 3])],
				outputs: [value('y', types.f32, [1, 1, 2])],
			}),
		);
		expect(proofModel.equals(written)).toBe(true);
	});

	it('fails with the reason when CUDA is wanted and does not work, and works on the CPU afterwards', async () => {
		const onnx = createOnnx();
		const failure = onnx.load(a(), request({ device: 'cuda' }));
		await expect(failure).rejects.toMatchObject({ type: 'OperationFailed', code: 'provider_unavailable', field: 'device' });
		await expect(failure).rejects.toThrow(/CUDA does not work here: .*load.*device "cpu" or "auto"/);
		expect((await onnx.load(a(), request())).provider).toBe('cpu');
		await onnx.close();
	});

	it('falls back to the CPU when the device is auto, and says why', async () => {
		const onnx = createOnnx();
		const warnings: string[] = [];
		const loaded = await onnx.load(a(), request({ device: 'auto', warn: (message) => warnings.push(message) }));
		expect(loaded.provider).toBe('cpu');
		expect(warnings).toEqual([expect.stringMatching(/runs on the CPU, as CUDA does not work here: .+/)]);
		await onnx.close();
	});

	it('says three ways out on musl and when the library cannot be loaded', async () => {
		const musl = loadLibrary(undefined, { platform: 'linux', glibc: false });
		await expect(musl).rejects.toMatchObject({ code: 'onnx_unsupported' });
		await expect(musl).rejects.toThrow(/glibc.*runtime container.*RunPod.*Debian/);
		const broken = loadLibrary(() => Promise.reject(new Error('ld-linux-x86-64.so.2: not found')), { platform: 'linux', glibc: true });
		await expect(broken).rejects.toThrow(/ld-linux.*runtime container.*RunPod.*Debian/);
	});
});

describe('the device', () => {
	const busyFor = (milliseconds: number) => () => new Promise<void>((done) => setTimeout(done, milliseconds));

	it('is one job\'s at a time, in the order of asking', async () => {
		const onnx = createOnnx();
		const events: string[] = [];
		await Promise.all(
			['first', 'second', 'third'].map((name) =>
				onnx.use(request(), async () => {
					events.push(`${name} begins`);
					await busyFor(5)();
					events.push(`${name} ends`);
				}),
			),
		);
		expect(events).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]));
	});

	it('is busy when its queue is full', async () => {
		const onnx = createOnnx({ maxWaiting: 1 });
		const jobs = [onnx.use(request(), busyFor(20)), onnx.use(request(), busyFor(1))];
		await expect(onnx.use(request(), busyFor(1))).rejects.toMatchObject({ code: 'busy', retryable: true });
		await Promise.all(jobs);
		await onnx.use(request(), busyFor(1));
	});

	it('is given back by a job that fails', async () => {
		const onnx = createOnnx();
		await expect(onnx.use(request(), () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
		expect(await onnx.use(request(), async (turn) => turn.device)).toBe('cpu');
	});

	it('can be left while waiting for it, without disturbing the queue', async () => {
		const onnx = createOnnx();
		const leaver = new AbortController();
		const first = onnx.use(request(), busyFor(20));
		const leaving = onnx.use(request({ signal: leaver.signal }), busyFor(1));
		const last = onnx.use(request(), async () => 'done');
		setTimeout(() => leaver.abort(new Cancelled()), 5);
		await expect(leaving).rejects.toThrow(Cancelled);
		await first;
		expect(await last).toBe('done');
	});

	it('stops a loop of steps at the next one when the job is cancelled', async () => {
		const onnx = createOnnx();
		const controller = new AbortController();
		let steps = 0;
		const job = onnx.use(request({ signal: controller.signal }), async (turn) => {
			const loaded = await turn.load(a());
			for (; steps < 1000; steps++) {
				if (steps === 3) controller.abort(new Cancelled());
				await negate(loaded, steps);
			}
		});
		await expect(job).rejects.toThrow(Cancelled);
		expect(steps).toBe(3);
		await onnx.close();
	});

	it('reports what really ran, with its seconds', async () => {
		const onnx = createOnnx();
		const report = await onnx.use(request(), async (turn) => {
			const loaded = await turn.load(a());
			for (let step = 0; step < 200; step++) await negate(loaded, step);
			return turn.report({ name: 'test', model: { name: 'negation', precision: 'fp32', revision: 'abc' }, audioSeconds: 0.5 });
		});
		expect(report).toMatchObject({ name: 'test', model: 'negation', revision: 'abc', precision: 'fp32', device: 'cpu', provider: 'cpu' });
		expect(report.loadSeconds).toBeGreaterThan(0);
		expect(report.inferenceSeconds).toBeGreaterThan(0);
		expect(report.realTimeFactor).toBeCloseTo(report.inferenceSeconds / 0.5, 1);
		await onnx.close();
	});
});
