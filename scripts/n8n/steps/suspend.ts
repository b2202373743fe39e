import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import { wavHeader } from '../../../src/audio/wav';
import { createFakePlatform } from '../../../test/support/fake-platform';
import { startProcess } from '../../../test/support/main-process';
import { bucket, startS3 } from '../../../test/support/s3';
import { itemsOf } from '../execution';
import type { Client, Stored } from '../rest';
import { startServer, type Server } from '../server';
import type { Stage, Step } from '../stage';
import { chain, type WorkflowJson } from '../workflows';

const key = 'sesame';
const ended = ['success', 'error', 'crashed', 'canceled'];
const job = 'The job';

/** Suspends executions until another machine calls back: on an own runtime, on RunPod's stand-in, over a restart of n8n, and in vain. */
export const suspend: Step = {
	name: 'suspend',
	headless: true,
	async run({ home }: Stage) {
		const machines = await startMachines(home.folder);
		// An execution that sleeps must leave its place to the next.
		const oneAtATime = { ...home, environment: { ...home.environment, N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } };
		let server: Server | undefined;
		try {
			server = await startServer(oneAtATime);
			const { client } = server;
			const chosen = await machines.choose(client);
			const same = await runEverywhere(client, chosen);
			if (!machines.runpodCalled()) throw new Error('Expected RunPod to wake its execution, got a result that no call brought');
			const forsaken = await begin(client, 'forsaken', { ...chosen.nobody, parameters: { deadline: 5 } });
			await callInVain(client, forsaken, machines.webhookOfNobody);
			const long = await begin(client, 'long', { ...chosen.own, ...speech });
			await client.executionWith(long, ['waiting']);
			await client.executionWith(forsaken, ['waiting'], 1000);
			machines.own.pause();
			await server.stop();
			server = await startServer(oneAtATime);
			await server.client.executionWith(long, ['waiting'], 1000);
			machines.own.go();
			const finished = await finish(server.client, long, 180_000);
			if (finished.status !== 'success' || finished.file?.mimeType !== 'audio/wav') throw new Error(`Expected a sound after n8n's restart, got ${finished.status}: ${finished.message}`);
			const late = await finish(server.client, forsaken, 150_000);
			if (late.status !== 'error' || !/nobody called back/.test(late.message)) throw new Error(`Expected the job that nobody did to end as an error, got ${late.status}: ${late.message}`);
			// The forms are to be seen as in an n8n without any.
			await server.client.removeCredentials();
			return `${same}; a long speech over a restart, begun beside a sleeping execution where n8n runs one at a time; strangers were refused; the forsaken job ended: ${late.message.slice(0, 90)}…`;
		} finally {
			await server?.stop();
			await machines.close();
		}
	},
};

type Chosen = Pick<INode, 'credentials'> & { type?: string; parameters?: INodeParameters };

async function runEverywhere(client: Client, { own, runpod }: Record<'own' | 'runpod', Chosen>): Promise<string> {
	const places: Record<string, Chosen> = { here: { parameters: { runOn: 'embedded' } }, own, runpod };
	const sums: string[] = [];
	for (const [name, chosen] of Object.entries(places)) {
		const { status, message, file } = await finish(client, await begin(client, name, chosen), 90_000);
		if (status !== 'success' || !file) throw new Error(`Expected a sound from ${name}, got ${status}: ${message}`);
		sums.push(createHash('sha256').update(await client.binary(file)).digest('hex').slice(0, 12));
	}
	if (new Set(sums).size !== 1) throw new Error(`Expected the same file from ${Object.keys(places).join(', ')}, got ${sums.join(', ')}`);
	return `the same file (${sums[0]}) from ${Object.keys(places).join(', ')}`;
}

/** Nothing but the right job wakes an execution, and only with n8n's own token. */
async function callInVain(client: Client, workflowId: string, webhook: () => URL) {
	await client.executionWith(workflowId, ['waiting']);
	const url = webhook();
	const post = async (to: URL, id: string) => (await fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, status: 'COMPLETED', output: {} }) })).status;
	const unsigned = new URL(url);
	unsigned.searchParams.set('signature', '0'.repeat(64));
	const answers = [await post(unsigned, 'job'), await post(url, 'another-job')];
	await client.executionWith(workflowId, ['waiting'], 1000);
	if (answers.join() !== '401,404') throw new Error(`Expected 401 to a wrong token and 404 to a foreign job, got ${answers.join()}`);
}

async function begin(client: Client, name: string, chosen: Chosen): Promise<string> {
	const stored = await client.createWorkflow(workflow(name, chosen));
	await client.activate(stored);
	await client.webhook(name, { sound });
	return stored.id;
}

async function finish(client: Client, workflowId: string, timeout: number) {
	const { id, status } = await client.executionWith(workflowId, ended, timeout);
	const execution = await client.execution(id);
	return { status, message: execution.data.resultData.error?.message ?? '', file: itemsOf(execution, job)[0]?.binary?.data };
}

/** Long enough to be under way when n8n is stopped. */
const speech: Chosen = {
	type: 'n8n-nodes-ai-agent-tools.speechTools',
	parameters: { resource: 'speech', operation: 'generate_draft_tts', text: 'This goes on and on. '.repeat(2000) },
};

/** A second of a tone, in base64. */
const tone = Buffer.from(Int16Array.from({ length: 8000 }, (_, at) => 8000 * Math.sin(at / 3)).buffer);
const sound = Buffer.concat([wavHeader({ sampleRate: 8000, channels: 1, encoding: 's16' }, tone.length), tone]).toString('base64');

function workflow(name: string, { credentials, type = 'n8n-nodes-ai-agent-tools.audioTools', parameters }: Chosen): WorkflowJson {
	const node = (label: string, type: string, own: INodeParameters, more: Partial<INode> = {}): INode => ({ id: label, name: label, type, typeVersion: 1, position: [0, 0], parameters: own, ...more });
	const usual: INodeParameters = { resource: 'audio', operation: 'convert_audio', runOn: 'remote', wait: 'suspend', audio: { __rl: true, mode: 'binary', value: 'data' } };
	return {
		name,
		nodes: [
			node('Webhook', 'n8n-nodes-base.webhook', { path: name, httpMethod: 'POST' }, { typeVersion: 2, webhookId: `hook-${name}` }),
			node('Sound', 'n8n-nodes-base.convertToFile', { operation: 'toBinary', sourceProperty: 'body.sound', options: { fileName: 'sound.wav', mimeType: 'audio/wav' } }, { typeVersion: 1.1 }),
			node(job, type, { ...usual, ...parameters }, { id: `job-${name}`, ...(credentials && { credentials }) }),
		],
		connections: chain('Webhook', 'Sound', job),
	};
}

/** An own runtime, a worker behind RunPod's stand-in with a storage, and an endpoint where nobody works. */
async function startMachines(folder: string) {
	const s3 = await startS3();
	const [runpod, nobody] = await Promise.all([createFakePlatform({ longPoll: 300, webhookPause: 2000 }), createFakePlatform({})]);
	const { endpoint = '', accessKeyId, secretAccessKey } = s3.config();
	const environment = { ...process.env, AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1', AI_AGENT_TOOLS_DATA: join(folder, 'runtime') };
	const own = startProcess('serve', { ...environment, AI_AGENT_TOOLS_API_KEY: key, AI_AGENT_TOOLS_PORT: '0', AI_AGENT_TOOLS_DRAIN_LIMIT: '0' });
	const [, ownUrl = ''] = await own.says(/Serving (\S+)\/local/);
	const worker = startProcess('worker', { ...environment, ...runpod.env('w1') });
	return {
		own: { pause: () => process.kill(own.pid, 'SIGSTOP'), go: () => process.kill(own.pid, 'SIGCONT') },
		runpodCalled: () => [...runpod.jobs.all.values()].some(({ webhookStatuses }) => webhookStatuses.at(-1) === 200),
		webhookOfNobody: () => new URL([...nobody.jobs.all.values()][0]?.webhook ?? ''),
		async choose(client: Client) {
			const make = async (name: string, baseUrl: string, endpointId: string, apiKey: string) => client.createCredential(name, 'aiAgentToolsRunPodApi', { baseUrl, endpointId, apiKey });
			const storage = await client.createCredential('Storage', 'aiAgentToolsS3Api', { endpoint, region: '', accessKeyId, secretAccessKey, sessionToken: '', bucketName: bucket, keyPrefix: '', forcePathStyle: true, ignoreSSLIssues: false });
			const use = (machine: Stored, store?: Stored): Chosen => ({ credentials: { aiAgentToolsRunPodApi: machine, ...(store && { aiAgentToolsS3Api: store }) } });
			return {
				own: use(await make('Own', ownUrl, 'local', key)),
				runpod: use(await make('RunPod', runpod.baseUrl, runpod.endpoint, runpod.key), storage),
				nobody: use(await make('Nobody', nobody.baseUrl, nobody.endpoint, nobody.key), storage),
			};
		},
		async close() {
			await Promise.all([own.stop(), worker.stop()]);
			await Promise.all([runpod.close(), nobody.close(), s3.close()]);
		},
	};
}
