import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface CommandOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
}

export interface Ended {
	code: number | null;
	stdout: string;
	stderr: string;
}

/** Runs a program to its end, whatever that is. */
export async function attempt(program: string, args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
	const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
	const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
	return { code, stdout, stderr };
}

/** Runs a program that has to succeed and gives back what it printed. */
export async function run(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
	const { code, stdout, stderr } = await attempt(program, args, options);
	if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${lastLines(stderr || stdout)}`);
	return stdout;
}

const lastLines = (log: string) => log.trimEnd().split('\n').slice(-20).join('\n');
