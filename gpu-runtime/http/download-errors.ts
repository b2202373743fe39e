import { InvalidInput, messageOf, OperationFailed, ToolError } from '../../src/errors';
import { PrivateAddress } from './address-guard';

/** What messages say about where a download comes from. */
export interface Place {
	/** The url without its secrets. */
	shown: string;
	field: string | undefined;
}

/** The error for an answer that is no file. */
export function explainStatus(status: number, place: Place): ToolError {
	const said = `Expected a file at ${place.shown}, got HTTP ${status}`;
	if (status === 408 || status === 425 || status === 429 || status >= 500)
		return new OperationFailed(`${said}. The server is busy or broken; try again later`, { code: 'download_failed', retryable: true });
	const advice =
		status === 404 || status === 410
			? 'The file is not there; check the link'
			: status === 401 || status === 403
				? 'The link is private, or it has expired; make a new one'
				: 'Check that the link leads to the file itself';
	return invalid(`${said}. ${advice}`, status === 404 || status === 410 ? 'url_not_found' : 'url_refused', place);
}

/** The error for a connection that failed, a disk that is full, an address that is not allowed. */
export function explainFailure(error: unknown, place: Place): unknown {
	if (error instanceof ToolError) return error;
	if (error instanceof PrivateAddress)
		return invalid(
			`Expected a public address, got ${place.shown}, which is in a private network (${error.address}). Set AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS=true on this runtime to allow such addresses`,
			'private_address',
			place,
			error,
		);
	const code = codeOf(error);
	if (code === 'ENOTFOUND') return invalid(`Expected a host that exists, got ${place.shown}. Check the link, and that this machine can resolve names`, 'host_not_found', place, error);
	if (['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EMFILE', 'EISDIR', 'ENOENT'].includes(code))
		return new OperationFailed(`The file from ${place.shown} could not be written: ${code}. Free some space, or set AI_AGENT_TOOLS_SCRATCH to another folder`, { code: 'disk_full', cause: error });
	if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code))
		return new OperationFailed(`${place.shown} has a certificate that this machine does not trust: ${code}. Add its authority with NODE_EXTRA_CA_CERTS, or use another link`, { code: 'certificate_refused', cause: error });
	return new OperationFailed(`The connection to ${place.shown} failed before the whole file had come: ${code || messageOf(error)}. Try again`, { code: 'download_failed', retryable: true, cause: error });
}

/** With several addresses behind a name, each has failed in its own way: the first one tells. */
function codeOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return '';
	if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
	return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** An error of the request itself, which names the input field at fault where there is one. */
export function invalid(message: string, code: string, { field }: Place, cause?: unknown) {
	return new InvalidInput(field === undefined ? message : `${field}: ${message}`, { code, ...(field !== undefined && { field }), ...(cause !== undefined && { cause }) });
}
