import { removeHome } from './engine/home';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Container } from '@n8n/di';
import { ExecutionLifecycleHooks, ExternalSecretsProxy, WorkflowExecute } from 'n8n-core';
import { SSHClientsManager } from 'n8n-core/dist/execution-engine/ssh-clients-manager';
import {
	type IBinaryData,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type IRun,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	Workflow,
} from 'n8n-workflow';
import { type BinaryMode, storeBinaries } from './engine/binary-storage';
import { GivenCredentials, type PlainCredentials } from './engine/credentials';
import { nodeTypes, refuseUnknownParameters } from './engine/node-types';
import { openWaiting } from './engine/waiting';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	id?: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface RunOptions {
	credentials?: PlainCredentials;
	/** Where n8n keeps files; `filesystem` as in an n8n that nobody configured. One for all runs that go on at the same time. */
	binaryMode?: BinaryMode;
	/** Aborting it is the stop button. */
	signal?: AbortSignal;
	/** Node classes beside those of the package, by full type name. */
	nodes?: Record<string, INodeType>;
	/** Told when the execution has been put to sleep. */
	onSuspended?(): void;
	/** What nodes send to an open editor (`sendMessageToUI`): the execution runs as if one were watching. */
	onMessage?(message: unknown): void;
}

export interface WorkflowRun {
	status: IRun['status'];
	/** What stopped the execution. */
	error: Error | undefined;
	/** The items that the node gave out on its first output in its last run; empty when it did not run. */
	items(node: string): INodeExecutionData[];
	/** n8n's own record of the node's last run. */
	record(node: string): IRun['data']['resultData']['runData'][string][number] | undefined;
	/** A file's content, wherever n8n keeps it. */
	read(binary: IBinaryData): Promise<Readable>;
	save(binary: IBinaryData, path: string): Promise<void>;
}

let executions = 0;

/** Runs a workflow from its Manual Trigger in n8n's own engine, with the built package's nodes; one that is suspended, until it is called and has ended. */
export async function runWorkflow(json: WorkflowJson, options: RunOptions = {}): Promise<WorkflowRun> {
	const binaries = await storeBinaries(options.binaryMode ?? 'filesystem');
	// Every node context asks for the pool of SSH tunnels, whose clean-up timer would keep the process from ending.
	Container.get(SSHClientsManager).onShutdown();
	const types = nodeTypes(options.nodes);
	const steps = json.nodes.filter((node) => node.type !== 'n8n-nodes-base.stickyNote');
	refuseUnknownParameters(steps, types);
	const workflow = new Workflow({
		id: json.id ?? 'workflow',
		name: json.name,
		nodes: steps,
		connections: json.connections,
		active: false,
		nodeTypes: types,
		settings: { executionOrder: 'v1', ...json.settings },
	});
	const startNode = steps.find((node) => node.type === 'n8n-nodes-base.manualTrigger');
	if (!startNode) throw new Error(`Expected the workflow "${json.name}" to begin with a Manual Trigger`);

	const waiting = await openWaiting();
	let stop = () => {};
	try {
		const additionalData = surroundings(workflow, json, options, waiting.url);
		// Throws by itself where n8n finds the workflow wrong.
		const running = new WorkflowExecute(additionalData, 'manual').run({ workflow, startNode });
		stop = () => running.cancel();
		if (options.signal?.aborted) stop();
		options.signal?.addEventListener('abort', stop, { once: true });
		let run = await running;
		while (run.waitTill) {
			options.onSuspended?.();
			run = await waiting.resumed({ workflow, data: run.data, additionalData });
		}
		// n8n records a stopped execution as cancelled whatever error its node then ends with.
		return describe(running.isCanceled ? { ...run, status: 'canceled' } : run, async (binary) =>
			binary.id ? await binaries.getAsStream(binary.id) : Readable.from([Buffer.from(binary.data, 'base64')]),
		);
	} finally {
		options.signal?.removeEventListener('abort', stop);
		await waiting.close();
	}
}

/** Removes what the engine wrote. A process that ends by itself does it too; a test file does it in `afterAll`. */
export const closeEngine = removeHome;

function describe(run: IRun, read: (binary: IBinaryData) => Promise<Readable>): WorkflowRun {
	const record = (node: string) => run.data.resultData.runData[node]?.at(-1);
	return {
		status: run.status,
		error: run.data.resultData.error,
		items: (node) => record(node)?.data?.main?.[0] ?? [],
		record,
		read,
		save: async (binary, path) => pipeline(await read(binary), createWriteStream(path)),
	};
}

function surroundings(workflow: Workflow, json: WorkflowJson, { credentials = {}, onMessage }: RunOptions, webhookWaitingBaseUrl: string): IWorkflowExecuteAdditionalData {
	const executionId = String(++executions);
	const stored = { id: workflow.id, name: json.name, nodes: json.nodes, connections: json.connections, active: false, isArchived: false, activeVersionId: null, createdAt: new Date(), updatedAt: new Date() };
	const missing = (what: string) => async () => {
		throw new Error(`${what} is not part of this engine`);
	};
	return {
		executionId,
		hooks: new ExecutionLifecycleHooks('manual', executionId, stored),
		credentialsHelper: new GivenCredentials(credentials),
		externalSecretsProxy: new ExternalSecretsProxy(),
		currentNodeExecutionIndex: 0,
		restApiUrl: '',
		instanceBaseUrl: '',
		formWaitingBaseUrl: '',
		webhookBaseUrl: '',
		webhookWaitingBaseUrl,
		webhookTestBaseUrl: '',
		variables: {},
		executeWorkflow: missing('Calling another workflow'),
		getRunExecutionData: async () => undefined,
		startRunnerTask: missing('The Code node'),
		logAiEvent: () => undefined,
		sendDataToUI: (_type: string, data: IDataObject | IDataObject[]) => onMessage?.(data),
	};
}
