import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A path in the built package, as users get it. */
export const dist = (...parts: string[]) => join(process.env.AI_AGENT_TOOLS_DIST ?? join(__dirname, '../../dist'), ...parts);

const load = createRequire(__filename);

/** Loads a module of the built package; `T` is the type of its source. */
export const built = <T>(...parts: string[]) => load(dist(...parts)) as T;
