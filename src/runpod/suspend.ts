import { z } from 'zod/v4';
import { InvalidInput } from '../errors';
import { readLeftovers, type Leftover } from './leftover';
import { defaultBaseUrl } from './protocol';

/**
 * The webhook that resumes a suspended execution: n8n's resume URL, which carries its token in the query, with the
 * node's id appended to its path. Throws when RunPod could not call it.
 */
export function resumeWebhook(resumeUrl: string, nodeId: string, baseUrl = defaultBaseUrl): string {
	if (!URL.canParse(resumeUrl)) throw new InvalidInput(`Expected n8n's resume URL, got ${JSON.stringify(resumeUrl)}`, { code: 'bad_resume_url' });
	const url = new URL(resumeUrl);
	if (isPrivate(url.hostname) && !isPrivate(new URL(baseUrl).hostname))
		throw new InvalidInput(
			`Expected an n8n that can be reached from outside, got ${url.origin}. Set N8N_WEBHOOK_URL to its public address, or wait by polling instead`,
			{ code: 'webhook_unreachable' },
		);
	url.pathname = `${url.pathname.replace(/\/+$/, '')}/${encodeURIComponent(nodeId)}`;
	return url.href;
}

function isPrivate(host: string): boolean {
	const name = host.replace(/^\[|\]$/g, '');
	return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0|::1?$|f[cd][0-9a-f]{2}:|fe80:)/i.test(name) || /\.(local|localhost|internal|lan)$/i.test(name) || !/[.:]/.test(name);
}

const call = z.looseObject({ id: z.string() });

/**
 * The job a webhook call is about. Nothing else is taken from its body, which anybody could have sent: the result is
 * read from the endpoint. Throws unless it is the job that was sent.
 */
export function resumedJob(body: unknown, submitted: string): string {
	const { data } = call.safeParse(body);
	if (data?.id !== submitted)
		throw new InvalidInput(`Expected a call about job ${submitted}, got one about ${data ? JSON.stringify(data.id.slice(0, 100)) : 'no job'}`, { code: 'foreign_job' });
	return submitted;
}

/** When a suspended execution stops waiting: a little after the job must have ended, and well before its result is gone. */
export const suspendUntil = (deadline: number, queueAllowance = 0, from = Date.now()) => new Date(from + (deadline + queueAllowance + 30) * 1000);

/** What a suspended execution must know when it is called, as plain JSON: it is stored with the execution and outlives a restart of n8n. */
export interface SuspendedJob {
	jobId: string;
	temporaryFiles: readonly Leftover[];
	/** The binary field that the result's file goes into. */
	outputField: string;
}

const stored = z.object({ jobId: z.string(), temporaryFiles: z.unknown(), outputField: z.string() });

/** Throws unless a job was suspended there. */
export function readSuspended(given: unknown): SuspendedJob {
	const { data } = stored.safeParse(given);
	if (!data) throw new InvalidInput('Expected an execution that waits for a job, got one that does not', { code: 'foreign_job' });
	return { ...data, temporaryFiles: readLeftovers(data.temporaryFiles) };
}
