import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePage } from '../src/reference';

writeFileSync(join(__dirname, '../docs/operations.md'), referencePage());
