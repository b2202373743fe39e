import { parseArgs, type ParseArgsConfig } from 'node:util';
import { InvalidInput, messageOf } from '../../src/errors';

/** What a command was told. Throws InvalidInput over all that it does not know, rather than leave it out. */
export function readOptions<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
	try {
		return parseArgs(config);
	} catch (cause) {
		const [reason = ''] = messageOf(cause).split('. ');
		throw new InvalidInput(`${reason}. "ai-agent-tools help" lists the commands with what they take`, { code: 'bad_option', cause });
	}
}
