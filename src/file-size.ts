const units = [
	['GB', 1e9],
	['MB', 1e6],
	['kB', 1e3],
] as const;

/** A number of bytes as people read it, e.g. `6 MB`. */
export function fileSize(bytes: number): string {
	const [unit, size] = units.find(([, least]) => bytes >= least) ?? ['bytes', 1];
	return `${Number((bytes / size).toPrecision(3))} ${unit}`;
}
