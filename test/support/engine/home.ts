import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** n8n's engine reads these when it is loaded, and would write its settings into the user's home without them: import this first. */
export const home = mkdtempSync(join(tmpdir(), 'n8n-engine-'));

process.env.N8N_USER_FOLDER = home;
process.env.N8N_ENCRYPTION_KEY = 'not-secret-tests-only';
process.env.N8N_LOG_LEVEL = 'silent';

export const removeHome = () => rmSync(home, { recursive: true, force: true });
process.once('exit', removeHome);
