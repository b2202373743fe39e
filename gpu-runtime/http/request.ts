import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { guardedLookup, isPublicAddress, PrivateAddress, type Resolver } from './address-guard';

export interface HttpRequest {
	method?: 'GET' | 'POST';
	headers?: OutgoingHttpHeaders;
	body?: string;
	signal: AbortSignal;
	/** Whether loopback, private and link-local addresses may be asked. */
	allowPrivate: boolean;
	resolve?: Resolver | undefined;
}

/** One HTTP exchange up to the answer's headers; redirections are not followed. Throws PrivateAddress, or the connection's own error. */
export function request(url: URL, { method = 'GET', headers = {}, body, signal, allowPrivate, resolve }: HttpRequest): Promise<IncomingMessage> {
	const host = hostOf(url);
	if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return Promise.reject(new PrivateAddress(host));
	return new Promise((done, fail) => {
		const { request: open } = url.protocol === 'https:' ? https : http;
		const outgoing = open(url, {
			method,
			headers: { 'accept-encoding': 'identity', 'user-agent': 'ai-agent-tools', ...headers },
			signal,
			// A connection of its own, which ends with the answer.
			agent: false,
			...(!allowPrivate && { lookup: guardedLookup(resolve) }),
		});
		if (!allowPrivate) refusePrivatePeer(outgoing);
		outgoing.once('response', done);
		outgoing.on('error', fail);
		outgoing.end(body);
	});
}

/** The private address that a url leads to, as far as its name can be looked up now; undefined when it leads to none. */
export function privateTarget(url: URL, resolve?: Resolver): Promise<string | undefined> {
	const host = hostOf(url);
	if (isIP(host) !== 0) return Promise.resolve(isPublicAddress(host) ? undefined : host);
	return new Promise((done) => guardedLookup(resolve)(host, { all: true }, (error) => done(error instanceof PrivateAddress ? error.address : undefined)));
}

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

/** The last word has the address that was really connected to. */
function refusePrivatePeer(outgoing: http.ClientRequest) {
	outgoing.once('socket', (socket) => {
		socket.once('connect', () => {
			const { remoteAddress = '' } = socket;
			if (!isPublicAddress(remoteAddress)) outgoing.destroy(new PrivateAddress(remoteAddress));
		});
	});
}
