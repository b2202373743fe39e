import { Workflow, type ICredentialDataDecryptedObject, type INodeParameters, type INodeType, type INodeTypes } from 'n8n-workflow';
import { AiAgentToolsRunPodApi } from '../../credentials/AiAgentToolsRunPodApi.credentials';
import { createFakePlatform, type FakePlatform } from '../support/fake-platform';

const credential = new AiAgentToolsRunPodApi();
const nodeTypes = { getByNameAndVersion: () => ({ description: { properties: [] } }) as unknown as INodeType } as unknown as INodeTypes;
const workflow = new Workflow({ nodes: [{ id: '1', name: 'a', type: 't', typeVersion: 1, position: [0, 0], parameters: {} }], connections: {}, active: false, nodeTypes });

/** The request that n8n makes of the credential's own description, its expressions resolved by n8n's own code. */
async function ask(data: ICredentialDataDecryptedObject) {
	const given = { baseURL: credential.test.request.baseURL, url: credential.test.request.url, headers: credential.authenticate.properties.headers } as unknown as INodeParameters;
	const { baseURL, url, headers } = workflow.expression.getParameterValue(given, null, 0, 0, 'a', [], 'manual', { $credentials: data }) as { baseURL: string; url: string; headers: Record<string, string> };
	const { status } = await fetch(baseURL + url, { headers });
	const message = credential.test.rules?.find((rule) => rule.type === 'responseCode' && rule.properties.value === status)?.properties.message;
	return { status, message };
}

let platform: FakePlatform;
beforeAll(async () => {
	platform = await createFakePlatform();
});
afterAll(() => platform.close());

const right = () => ({ baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key });

it.each([{}, { slash: '/' }, { slash: ' ' }])('a right credential passes, however its address was typed: %j', async ({ slash = '' }) => {
	expect(await ask({ ...right(), baseUrl: platform.baseUrl + slash, endpointId: `${platform.endpoint}${slash.trim() === '' ? slash : ''}` })).toEqual({ status: 200, message: undefined });
});

it('a wrong key and a wrong endpoint are told apart', async () => {
	expect(await ask({ ...right(), apiKey: 'wrong' })).toEqual({ status: 401, message: expect.stringContaining('refused the API key') });
	expect(await ask({ ...right(), endpointId: 'other' })).toEqual({ status: 404, message: expect.stringContaining('ends in /v2') });
});

it('the key is hidden while it is typed, and RunPod is the usual address', () => {
	const property = (name: string) => credential.properties.find((one) => one.name === name);
	expect(property('apiKey')?.typeOptions).toEqual({ password: true });
	expect(property('baseUrl')?.default).toBe('https://api.runpod.ai/v2');
});
