import { Cancelled, ToolError } from '../errors';

/** The time one job has: ends on the caller's abort or at the deadline. To be closed, so that no timer or listener is left. */
export interface Span {
	readonly signal: AbortSignal;
	/** Whether it was the deadline that ended it. */
	readonly isExpired: boolean;
	/** Seconds until the deadline. */
	left(): number;
	close(): void;
}

export function openSpan(deadline: number, outer?: AbortSignal): Span {
	const stop = new AbortController();
	const end = performance.now() + deadline * 1000;
	let isExpired = false;
	const forward = () => stop.abort(outer?.reason instanceof ToolError ? outer.reason : new Cancelled());
	const timer = setTimeout(() => {
		isExpired = !stop.signal.aborted;
		stop.abort(new Error('The deadline has passed'));
	}, Math.min(deadline * 1000, longestTimer));
	if (outer?.aborted) forward();
	outer?.addEventListener('abort', forward, { once: true });
	return {
		signal: stop.signal,
		get isExpired() {
			return isExpired;
		},
		left: () => Math.max(0, (end - performance.now()) / 1000),
		close() {
			clearTimeout(timer);
			outer?.removeEventListener('abort', forward);
		},
	};
}

/** Milliseconds; a longer timer would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** A span that outlives another's abort by `grace` seconds. */
export function openGrace({ signal }: Span, grace: number, reason: ToolError): Pick<Span, 'signal' | 'close'> {
	const stop = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const start = () => {
		timer = setTimeout(() => stop.abort(reason), grace * 1000);
	};
	if (signal.aborted) start();
	signal.addEventListener('abort', start, { once: true });
	return {
		signal: stop.signal,
		close() {
			clearTimeout(timer);
			signal.removeEventListener('abort', start);
		},
	};
}
