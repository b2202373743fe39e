import { operations } from '../../src/operations';
import { offeredOf } from '../../src/capabilities';
import { describeOperation } from '../../src/reference';
import { readSettings } from '../settings';

/** Lists the operations that this runtime offers; `--json` with every field, bound and default. */
export function listOperations(args: string[]): Promise<number> {
	const own = offeredOf(operations, readSettings().AI_AGENT_TOOLS_CAPABILITIES);
	const text = args.includes('--json')
		? JSON.stringify(own.map(describeOperation), null, 2)
		: own.map(({ name, summary }) => `${name.padEnd(26)} ${summary}`).join('\n');
	process.stdout.write(`${text}\n`);
	return Promise.resolve(0);
}
