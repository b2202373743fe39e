import { OperationFailed } from '../../src/errors';

/** The error for a scratch folder that takes no more; `facts` is a sentence that goes before. */
export const diskFull = (facts = '', cause?: unknown) =>
	new OperationFailed(`${facts}The disk with the scratch folder is full. Free some space, or set AI_AGENT_TOOLS_SCRATCH to a folder on a larger disk`, {
		code: 'disk_full',
		retryable: true,
		cause,
	});
