#!/usr/bin/env node
import { messageOf } from '../src/errors';

/** The command line: one program for every way of running. Results go to stdout, all else to stderr. */
type Command = (args: string[]) => Promise<number>;

const commands: Record<string, { about: string; load(): Promise<Command> }> = {
	run: { about: 'run one operation: run <operation> --input JSON | --input-file FILE [--out DIR]', load: async () => (await import('./commands/run.js')).run },
	operations: { about: 'list the operations [--json]', load: async () => (await import('./commands/operations.js')).listOperations },
	doctor: { about: 'tell what this machine can do and how to mend what it cannot [--json]', load: async () => (await import('./commands/doctor.js')).doctor },
	models: { about: 'list, download and verify speech models: models list | download | verify | path', load: async () => (await import('./commands/models-entry.js')).models },
	serve: { about: 'serve other machines by RunPod\'s HTTP API; set AI_AGENT_TOOLS_HOST, _PORT and _API_KEY', load: async () => (await import('./commands/serve.js')).serve },
	worker: { about: 'work for a RunPod serverless endpoint', load: async () => (await import('./commands/worker.js')).worker },
	embedded: { about: 'serve the n8n process that started this one', load: async () => (await import('./commands/embedded.js')).embedded },
};

const usage = () =>
	['Usage: ai-agent-tools <command>', '', ...Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(11)} ${about}`), ''].join('\n');

async function main([name = '', ...args]: string[]): Promise<number> {
	const command = commands[name];
	const isHelp = ['', 'help', '--help', '-h'].includes(name) || (command !== undefined && args.includes('--help'));
	if (command && !isHelp) return (await command.load())(args);
	process.stderr.write(isHelp ? usage() : `Unknown command ${name}\n\n${usage()}`);
	return isHelp ? 0 : 2;
}

// Who reads along may stop when it has seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
	process.exit();
});

main(process.argv.slice(2)).then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		process.stderr.write(`${messageOf(error)}\n`);
		process.exitCode = 2;
	},
);
