import { join } from 'node:path';

/** A path in the built package, as users get it. */
export const dist = (...parts: string[]) => join(process.env.AI_AGENT_TOOLS_DIST ?? join(__dirname, '../../dist'), ...parts);
