import { operations } from '../../src/operations';
import { describeOperation } from '../../src/reference';

/** Lists the operations; `--json` with every field, bound and default. */
export function listOperations(args: string[]): Promise<number> {
	const text = args.includes('--json')
		? JSON.stringify(operations.map(describeOperation), null, 2)
		: operations.map(({ name, summary }) => `${name.padEnd(26)} ${summary}`).join('\n');
	process.stdout.write(`${text}\n`);
	return Promise.resolve(0);
}
