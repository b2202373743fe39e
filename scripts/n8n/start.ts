import { join } from 'node:path';
import { importInto } from './headless';
import { prepareHome } from './home';
import { startServer } from './server';
import { cache, owner, project, say } from './settings';
import { readTemplates } from './workflows';

/** `npm run n8n`: a real n8n with this package in it and the templates imported, until Ctrl+C. What is made there stays. */
async function main(): Promise<void> {
	const home = await prepareHome(project, join(cache, 'home'));
	await importInto(home, await readTemplates());
	const server = await startServer(home);
	say(`\nn8n is ready: ${server.url}\nLog in as ${owner.email} with the password ${owner.password}\nStop it with Ctrl+C`);
	const stop = () => void server.stop();
	process.once('SIGINT', stop).once('SIGTERM', stop);
	await server.ended;
}

main().catch((error: Error) => {
	say(error.message);
	process.exitCode = 1;
});
