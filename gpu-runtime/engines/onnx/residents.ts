interface Resident<T> {
	readonly loaded: Promise<T>;
	holders: number;
	lastUse: number;
}

export interface ResidentOptions<T> {
	/** How many groups may stay when nobody holds them. */
	max: number;
	/** What stays and leaves together, e.g. the graphs of one model. */
	groupOf(key: string): string;
	load(key: string): Promise<T>;
	unload(value: T): Promise<void>;
}

/** Keeps what was used last: one load for all that ask at once, none forgotten while it is held, the least recently used leaves. */
export function createResidents<T>({ max, groupOf, load, unload }: ResidentOptions<T>) {
	const residents = new Map<string, Resident<T>>();
	let uses = 0;

	function start(key: string): Resident<T> {
		const resident: Resident<T> = { loaded: load(key), holders: 0, lastUse: 0 };
		residents.set(key, resident);
		resident.loaded.catch(() => {
			if (residents.get(key) === resident) residents.delete(key); // The next one tries again.
		});
		return resident;
	}

	/** Holds the value until `give`. */
	function take(key: string): { loaded: Promise<T>; give(): void } {
		const resident = residents.get(key) ?? start(key);
		resident.holders++;
		resident.lastUse = ++uses;
		let given = false;
		const give = () => {
			if (given) return;
			given = true;
			resident.holders--;
			void trim();
		};
		resident.loaded.then(() => trim(), give);
		return { loaded: resident.loaded, give };
	}

	async function trim(limit = max): Promise<void> {
		const groups = grouped();
		const idle = groups.filter((group) => group.every(([, { holders }]) => holders === 0));
		const leaving = idle.sort((a, b) => lastUse(a) - lastUse(b)).slice(0, Math.max(0, groups.length - limit)).flat();
		for (const [key] of leaving) residents.delete(key);
		await Promise.all(leaving.map(async ([, { loaded }]) => unload(await loaded)));
	}

	function grouped(): [string, Resident<T>][][] {
		const groups = new Map<string, [string, Resident<T>][]>();
		for (const entry of residents) {
			const group = groupOf(entry[0]);
			groups.set(group, [...(groups.get(group) ?? []), entry]);
		}
		return [...groups.values()];
	}

	return { take, close: () => trim(0) };
}

const lastUse = <T>(group: [string, Resident<T>][]) => Math.max(...group.map(([, resident]) => resident.lastUse));
