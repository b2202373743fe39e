import { operations } from '../../src/operations';
import { offeredOf } from '../../src/capabilities';
import { describeOperation } from '../../src/reference';
import { readSettings } from '../settings';
import { readOptions } from './options';

/** Lists the operations that this runtime offers; `--json` with every field, bound and default. */
export async function listOperations(args: string[]): Promise<number> {
	const { json } = readOptions({ args, options: { json: { type: 'boolean' } } }).values;
	const own = offeredOf(operations, readSettings().AI_AGENT_TOOLS_CAPABILITIES);
	const text = json
		? JSON.stringify(own.map(describeOperation), null, 2)
		: own.map(({ name, summary }) => `${name.padEnd(26)} ${summary}`).join('\n');
	process.stdout.write(`${text}\n`);
	return 0;
}
