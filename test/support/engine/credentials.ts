import { Credentials } from 'n8n-core';
import { type ICredentialDataDecryptedObject, ICredentialsHelper, type IHttpRequestOptions, type INodeCredentialsDetails } from 'n8n-workflow';

/** Credentials by type name, in plain values; a node finds them whatever id it names. */
export type PlainCredentials = Record<string, ICredentialDataDecryptedObject>;

const absent = (what: string) => new Error(`${what} is not part of this engine: the nodes read their credentials with getCredentials`);

export class GivenCredentials extends ICredentialsHelper {
	constructor(private readonly values: PlainCredentials) {
		super();
	}

	async getDecrypted(_additional: unknown, _details: INodeCredentialsDetails, type: string) {
		const found = this.values[type];
		if (!found) throw new Error(`Expected the credentials ${type} to be given to runWorkflow, got ${Object.keys(this.values).join(', ') || 'none'}`);
		return found;
	}

	async getCredentials(details: INodeCredentialsDetails, type: string) {
		return new Credentials({ id: details.id, name: details.name }, type);
	}

	getParentTypes(): string[] {
		return [];
	}

	getCredentialsProperties() {
		return [];
	}

	async preAuthentication() {
		return undefined;
	}

	async authenticate(): Promise<IHttpRequestOptions> {
		throw absent('httpRequestWithAuthentication');
	}

	async updateCredentials(): Promise<void> {
		throw absent('updateCredentials');
	}

	async updateCredentialsOauthTokenData(): Promise<void> {
		throw absent('updateCredentialsOauthTokenData');
	}
}
