import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod/v4';

const manifest = z.object({ name: z.string(), version: z.string(), engines: z.object({ node: z.string() }).optional() });

/** What a package says of itself in its package.json. */
export const packageFacts = (path: string) => manifest.parse(JSON.parse(readFileSync(path, 'utf8')));

/** The folder of this package, of which this file is built into dist/gpu-runtime. */
export const ownFolder = join(__dirname, '../..');
