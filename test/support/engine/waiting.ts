import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { WebhookContext, WorkflowExecute } from 'n8n-core';
import type { IRun, IRunExecutionData, IWebhookData, IWebhookDescription, IWebhookFunctions, IWorkflowExecuteAdditionalData, Workflow } from 'n8n-workflow';

interface Suspended {
	workflow: Workflow;
	data: IRunExecutionData;
	additionalData: IWorkflowExecuteAdditionalData;
}

/** What n8n does around a suspended execution: is called at its resume URL, asks the node's webhook and runs on with what that gave. */
export async function openWaiting() {
	const statuses: number[] = [];
	let take: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
	const server = createServer((request, response) => {
		response.once('finish', () => statuses.push(response.statusCode));
		if (take) void take(request, response);
		else response.writeHead(409).end();
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook-waiting`;
	return {
		url,
		/** What callers were answered. */
		statuses,
		/** Sleeps until a call resumes the execution, and runs it to its next end. */
		resumed: (suspended: Suspended) =>
			new Promise<IRun>((done, fail) => {
				take = async (request, response) => {
					try {
						const data = await called(suspended, request, response);
						if (!data) return;
						take = undefined;
						done(await new WorkflowExecute(suspended.additionalData, 'manual', data).processRunExecutionData(suspended.workflow));
					} catch (error) {
						fail(error as Error);
					}
				};
			}),
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

async function called({ workflow, data: running, additionalData }: Suspended, request: IncomingMessage, response: ServerResponse): Promise<IRunExecutionData | undefined> {
	// Stored and read again, as over a restart.
	const data = JSON.parse(JSON.stringify(running)) as IRunExecutionData;
	const [step] = data.executionData?.nodeExecutionStack ?? [];
	const node = step && workflow.getNode(step.node.name);
	if (!step || !node) throw new Error('Expected a step that waits');
	if (new URL(request.url ?? '', 'http://n8n').pathname.split('/').at(-1) !== node.id) return void response.writeHead(404).end();
	const { description, webhook } = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const answered = { status: (code: number) => ({ json: (body: unknown) => response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body)) }) };
	const web = { ...additionalData, httpRequest: { body: await json(request), headers: request.headers }, httpResponse: answered } as unknown as IWorkflowExecuteAdditionalData;
	const context = new WebhookContext(workflow, node, web, 'manual', { webhookDescription: description.webhooks?.[0] as IWebhookDescription } as IWebhookData, [], data);
	const { workflowData } = (await webhook?.call(context as unknown as IWebhookFunctions)) ?? {};
	if (!workflowData) return undefined;
	response.writeHead(200).end();
	Object.assign(step.node, { disabled: true });
	step.data.main = workflowData;
	delete data.waitTill;
	data.resultData.runData[node.name]?.pop();
	return data;
}
