import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { messageOf, TimedOut } from '../../src/errors';
import { configOfCredential } from '../../src/storage/config';
import { createS3 } from '../../src/storage/s3';

const patience = 15;

/** Tests an S3 credential by opening its bucket, and tells in words what is wrong. */
export async function testStorage(this: ICredentialTestFunctions, { data }: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(new TimedOut(`Expected the storage to answer within ${patience} s. Check the endpoint`)), patience * 1000);
	try {
		const s3 = createS3(configOfCredential(data));
		await s3.check(stop.signal).finally(() => s3.close());
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: messageOf(error) };
	} finally {
		clearTimeout(timer);
	}
}
