interface Resident<T> {
	readonly loaded: Promise<T>;
	holders: number;
	lastUse: number;
}

export interface ResidentOptions<T> {
	/** How many may stay when nobody holds them. */
	max: number;
	load(key: string): Promise<T>;
	unload(value: T): Promise<void>;
}

/** Keeps what was used last: one load for all that ask at once, none forgotten while it is held, the least recently used leaves. */
export function createResidents<T>({ max, load, unload }: ResidentOptions<T>) {
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
		const idle = [...residents].filter(([, { holders }]) => holders === 0).sort(([, a], [, b]) => a.lastUse - b.lastUse);
		const leaving = idle.slice(0, Math.max(0, residents.size - limit));
		for (const [key] of leaving) residents.delete(key);
		await Promise.all(leaving.map(async ([, { loaded }]) => unload(await loaded)));
	}

	return { take, has: (key: string) => residents.has(key), close: () => trim(0) };
}
