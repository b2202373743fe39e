import { existsSync } from 'node:fs';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from '../../src/runtime';
import type { Found } from './finding';
import { gigabytes } from './machine';

interface Wanted {
	/** Bytes that should be free. */
	space: number;
	/** The variable with which another folder can be chosen. */
	setting: string;
	/** What it means when nothing can be written there. */
	unwritable: Finding['status'];
	/** Whether what is in it should outlive the container. */
	isKept: boolean;
}

/** Whether a folder, or the one it will be made in, can be written, has room, and outlives its container. */
export async function examineFolder(folder: string, { space, setting, unwritable, isKept }: Wanted, inContainer = isContainer()): Promise<Found> {
	const place = nearest(folder);
	const { bavail, bsize } = await statfs(place);
	const detail = `${folder}, ${gigabytes(bavail * bsize)} GB free`;
	const isWritable = await access(place, constants.W_OK).then(() => true, () => false);
	if (!isWritable) return { status: unwritable, detail: `${detail}; it cannot be written`, repair: `Let the user that n8n or the runtime runs as write ${place}, or set ${setting} to another folder` };
	if (bavail * bsize < space) return { status: 'warning', detail, repair: `Free some space, or set ${setting} to a larger disk` };
	if (isKept && inContainer && (await isOnRoot(place))) return { status: 'warning', detail: `${detail}; it is lost with this container`, repair: `Put it on a volume, or set ${setting} to a folder that is on one` };
	return { status: 'ok', detail };
}

function nearest(folder: string): string {
	return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

const isContainer = () => existsSync('/.dockerenv') || existsSync('/run/.containerenv');

/** A volume is another device than the container's own layers. */
const isOnRoot = async (place: string) => (await stat(place)).dev === (await stat('/')).dev;
