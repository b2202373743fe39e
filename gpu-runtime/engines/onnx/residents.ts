interface Resident<T> {
	readonly loaded: Promise<T>;
	/** Of the last one that took it: two groups may share a value. */
	group: string;
	holders: number;
	lastUse: number;
}

export interface ResidentOptions<T> {
	/** How many groups may stay; only groups that are held all at once may be more. */
	max: number;
	load(key: string): Promise<T>;
	unload(value: T): Promise<void>;
}

/**
 * Keeps what was used last: one load for all that ask at once, none forgotten while it is held. The values of a group, e.g. the
 * graphs of a model, stay together, and the least recently used group leaves before another one is loaded.
 */
export function createResidents<T>({ max, load, unload }: ResidentOptions<T>) {
	const residents = new Map<string, Resident<T>>();
	let uses = 0;

	function start(key: string, group: string): Resident<T> {
		const room = trim(groups().has(group) ? max : max - 1);
		const resident: Resident<T> = { loaded: room.then(() => load(key)), group, holders: 0, lastUse: 0 };
		residents.set(key, resident);
		resident.loaded.catch(() => {
			if (residents.get(key) === resident) residents.delete(key); // The next one tries again.
		});
		return resident;
	}

	/** Holds the value until `give`. */
	function take(key: string, group: string): { loaded: Promise<T>; give(): void } {
		const resident = residents.get(key) ?? start(key, group);
		resident.group = group;
		resident.holders++;
		resident.lastUse = ++uses;
		let given = false;
		const give = () => {
			if (given) return;
			given = true;
			resident.holders--;
			void trim(max);
		};
		resident.loaded.catch(give);
		return { loaded: resident.loaded, give };
	}

	async function trim(limit: number): Promise<void> {
		const all = [...groups().values()];
		const idle = all.filter((group) => group.every(([, { holders }]) => holders === 0));
		const leaving = idle.sort((a, b) => lastUse(a) - lastUse(b)).slice(0, Math.max(0, all.length - limit)).flat();
		for (const [key] of leaving) residents.delete(key);
		await Promise.all(leaving.map(async ([, { loaded }]) => unload(await loaded)));
	}

	function groups(): Map<string, [string, Resident<T>][]> {
		const found = new Map<string, [string, Resident<T>][]>();
		for (const entry of residents) {
			const { group } = entry[1];
			found.set(group, [...(found.get(group) ?? []), entry]);
		}
		return found;
	}

	return { take, close: () => trim(0) };
}

const lastUse = <T>(group: [string, Resident<T>][]) => Math.max(...group.map(([, resident]) => resident.lastUse));
