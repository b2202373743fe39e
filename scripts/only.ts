/** Of all names those that `--only` lists with commas between; all without it. Throws over one that is none of them. */
export function namesOf<Name extends string>(all: readonly Name[], only: string | undefined): Name[] {
	if (only === undefined) return [...all];
	const wanted = only.split(',');
	const unknown = wanted.filter((name) => !all.some((one) => one === name));
	if (unknown.length > 0) throw new Error(`--only: Expected names among ${all.join(', ')}, got ${unknown.join(', ')}`);
	return all.filter((name) => wanted.includes(name));
}
