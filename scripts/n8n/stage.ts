import { mkdir } from 'node:fs/promises';
import { type Editor, openEditor } from './browser';
import { type Home, prepareHome } from './home';
import { type Outside, startOutside } from './outside';
import { type Server, startServer } from './server';

/** What the steps play on. Server and editor start when the first step asks for them. */
export interface Stage {
	packageFolder: string;
	home: Home;
	outside: Outside;
	/** The folder for pictures. */
	pictures: string;
	server(): Promise<Server>;
	editor(): Promise<Editor>;
	close(): Promise<void>;
}

export interface Step {
	name: string;
	/** Runs before any server: n8n's command line has the database for itself. */
	headless?: boolean;
	/** Throws an error that says what is wrong; gives back what was seen, in a few words. */
	run(stage: Stage): Promise<string>;
}

export async function openStage(packageFolder: string, pictures: string): Promise<Stage> {
	await mkdir(pictures, { recursive: true });
	const home = await prepareHome(packageFolder);
	const outside = await startOutside(home.folder);
	Object.assign(home.environment, outside.environment);
	let server: Promise<Server> | undefined;
	let editor: Promise<Editor> | undefined;
	const stage: Stage = {
		packageFolder,
		home,
		outside,
		pictures,
		server: () => (server ??= startServer(home)),
		editor: () => (editor ??= stage.server().then(openEditor)),
		async close() {
			await (await editor?.catch(() => undefined))?.close();
			await (await server?.catch(() => undefined))?.stop();
			await outside.close();
			await home.remove();
		},
	};
	return stage;
}
