import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { node24 } from './settings';

/** A quiet n8n that listens on the loopback address only and calls nobody. Ports are free ones, so that several can run. */
export async function quietEnvironment(home: string): Promise<NodeJS.ProcessEnv & { N8N_PORT: string }> {
	const port = String(await freePort());
	return {
		...node24,
		N8N_USER_FOLDER: home,
		N8N_ENCRYPTION_KEY: 'not-secret-tests-only',
		DB_TYPE: 'sqlite',
		GENERIC_TIMEZONE: 'UTC',
		// `n8n execute` prints its result through the logger, at this level.
		N8N_LOG_LEVEL: 'info',
		N8N_PROTOCOL: 'http',
		N8N_HOST: '127.0.0.1',
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: port,
		N8N_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		// Without this `n8n start` asks for a registry on the internet and logs two stack traces.
		N8N_DISABLED_MODULES: 'mcp-registry,insights',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_COMMUNITY_PACKAGES_ENABLED: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	};
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
