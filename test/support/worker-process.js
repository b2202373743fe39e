/** A worker as a process of its own, from the built package, with operations that tests need. */
const { setTimeout: sleep } = require('node:timers/promises');
const { join } = require('node:path');

const dist = process.env.AI_AGENT_TOOLS_DIST ?? join(__dirname, '../../dist');
const { createWorkerLog, runWorker } = require(join(dist, 'gpu-runtime/worker.js'));

const operations = {
	wait: ({ seconds }, signal) => sleep(seconds * 1000, undefined, { signal }),
	/** As inference does: the event loop stands still. */
	async block({ seconds }) {
		await sleep(100);
		const end = Date.now() + seconds * 1000;
		while (Date.now() < end);
	},
	async crash() {
		setTimeout(() => {
			throw new Error('out of the blue');
		}, 20);
		await sleep(60_000);
	},
};

runWorker({
	env: process.env,
	log: createWorkerLog({ write: (line) => process.stdout.write(line), level: 'debug', secrets: [process.env.RUNPOD_AI_API_KEY] }),
	timing: { takeGrace: 0.2, ...JSON.parse(process.env.TEST_TIMING ?? '{}') },
	checks: process.env.TEST_UNFIT ? [{ name: 'ffmpeg', check: async () => { throw new Error(process.env.TEST_UNFIT); } }] : [],
	executor: {
		async execute(name, input, { signal }) {
			await operations[name](input, signal).catch(() => undefined);
			return { status: 'success', result: { name, warnings: [] }, processing_time: 0 };
		},
	},
}).then((code) => process.exit(code));
