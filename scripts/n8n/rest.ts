import { setTimeout as delay } from 'node:timers/promises';
import type { IBinaryData, INodeTypeDescription } from 'n8n-workflow';
import { type Execution, unflatten } from './execution';
import { owner } from './settings';
import type { WorkflowJson } from './workflows';

export interface Stored {
	id: string;
	name: string;
}

export interface StoredWorkflow extends Stored {
	versionId: string;
}

export type Client = ReturnType<typeof createClient>;

/** What an execution can come to. */
export const ended = ['success', 'error', 'crashed', 'canceled'];

/** A small client of the API behind n8n's editor. */
export function createClient(url: string) {
	let cookie = '';

	async function send(method: string, path: string, body?: unknown): Promise<Response> {
		const response = await fetch(url + path, {
			method,
			headers: { 'content-type': 'application/json', cookie, 'browser-id': 'tests' },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const cookies = response.headers.getSetCookie();
		if (cookies.length) cookie = cookies.map((entry) => entry.split(';')[0]).join('; ');
		return response;
	}

	async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await send(method, path, body);
		const answer = await response.text();
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer.slice(0, 300)}`);
		const json = JSON.parse(answer) as { data?: T };
		return json.data ?? (json as T);
	}

	const login = () => call('POST', '/rest/login', { emailOrLdapLoginId: owner.email, password: owner.password });

	return {
		/** Waits until n8n answers. */
		ready: () =>
			until('n8n to be ready', 240_000, async () => (await fetch(`${url}/healthz/readiness`).catch(() => undefined))?.ok || undefined),

		/** Makes the owner of a fresh n8n, or logs in the one that is there. */
		async enter(): Promise<void> {
			const response = await send('POST', '/rest/owner/setup', owner);
			if (!response.ok) await login();
		},

		createCredential: (name: string, type: string, data: object) => call<Stored>('POST', '/rest/credentials', { name, type, data }),

		async removeCredentials(): Promise<void> {
			const all = await call<Stored[]>('GET', '/rest/credentials');
			await Promise.all(all.map(({ id }) => call('DELETE', `/rest/credentials/${id}`)));
		},

		/** What the person sees who presses Test in the credential's form. */
		testCredential: ({ id, name }: Stored, type: string, data: object) =>
			call<{ status: 'OK' | 'Error'; message: string }>('POST', '/rest/credentials/test', { credentials: { id, name, type, data } }),

		createWorkflow: ({ name, nodes, connections, settings }: WorkflowJson) =>
			call<StoredWorkflow>('POST', '/rest/workflows', { name, nodes, connections, settings: { executionOrder: 'v1', ...settings } }),

		/** Runs a stored workflow from one of its triggers, as the editor's button does, to its end. */
		async runWorkflow(json: WorkflowJson, trigger: string, timeout = 120_000): Promise<Execution> {
			const { id } = await this.createWorkflow(json);
			await call('POST', `/rest/workflows/${id}/run`, { triggerToStartFrom: { name: trigger } });
			const { id: execution } = await this.executionWith(id, ended, timeout);
			return this.execution(execution);
		},

		workflow: (id: string) => call<StoredWorkflow & WorkflowJson>('GET', `/rest/workflows/${id}`),

		workflows: () => call<StoredWorkflow[]>('GET', '/rest/workflows'),

		/** After this a workflow's webhooks answer; n8n needs a moment, in which they answer 404. */
		activate: ({ id, versionId }: StoredWorkflow) => call('POST', `/rest/workflows/${id}/activate`, { versionId }),

		/** Posts to a production webhook, again while n8n has not opened it yet. */
		webhook: (path: string, body: unknown) =>
			until(`the webhook ${path}`, 10_000, async () => {
				const response = await send('POST', `/webhook/${path}`, body);
				return response.status === 404 ? undefined : { status: response.status, body: (await response.json()) as unknown };
			}),

		/** Sends files to a production webhook, as a form does. */
		upload: (path: string, files: FormData) =>
			until(`the webhook ${path}`, 10_000, async () => {
				const response = await fetch(`${url}/webhook/${path}`, { method: 'POST', body: files });
				if (response.status === 404) return undefined;
				if (!response.ok) throw new Error(`The webhook ${path} answered ${response.status}: ${await response.text()}`);
				return response.status;
			}),

		/** The newest execution of a workflow, once its status is one of those named. */
		executionWith: (workflowId: string, statuses: string[], timeout = 60_000) =>
			until(`an execution of ${workflowId} to be ${statuses.join(' or ')}`, timeout, async () => {
				const filter = encodeURIComponent(JSON.stringify({ workflowId }));
				const { results } = await call<{ results: { id: string; status: string }[] }>('GET', `/rest/executions?filter=${filter}`);
				return results[0] && statuses.includes(results[0].status) ? results[0] : undefined;
			}),

		async execution(id: string): Promise<Execution> {
			const stored = await call<{ status: Execution['status']; data: string }>('GET', `/rest/executions/${id}`);
			return { status: stored.status, data: unflatten(stored.data) as Execution['data'] };
		},

		stop: (executionId: string) => call('POST', `/rest/executions/${executionId}/stop`, {}),

		async nodeTypes(): Promise<INodeTypeDescription[]> {
			return (await (await send('GET', '/types/nodes.json')).json()) as INodeTypeDescription[];
		},

		async binary({ id = '', fileName = '', mimeType }: IBinaryData): Promise<Buffer> {
			const response = await send('GET', `/rest/binary-data?${new URLSearchParams({ id, fileName, mimeType, action: 'download' })}`);
			if (!response.ok) throw new Error(`Reading ${fileName || id} answered ${response.status}`);
			return Buffer.from(await response.arrayBuffer());
		},
	};
}

/** Asks again and again until there is an answer. */
export async function until<T>(what: string, timeout: number, ask: () => Promise<T | undefined>): Promise<T> {
	for (const end = Date.now() + timeout; Date.now() < end; await delay(250)) {
		const answer = await ask();
		if (answer !== undefined) return answer;
	}
	throw new Error(`Waited ${timeout / 1000} s for ${what}`);
}
