import { OperationFailed } from '../../src/errors';
import { serveParent } from '../embedded';
import { createRuntime } from '../runtime';
import { readSettings } from '../settings';

/** Serves the process that forked this one until it is gone. */
export function embedded(): Promise<number> {
	if (!process.send) throw new OperationFailed('Expected to be started by n8n. Use "run" or "serve" on the command line', { code: 'no_parent' });
	serveParent(createRuntime(readSettings()));
	return new Promise(() => undefined);
}
