import type { Finding } from '../../src/runtime';

/** What an examination finds; its name is where it is listed. */
export type Found = Omit<Finding, 'name'>;
