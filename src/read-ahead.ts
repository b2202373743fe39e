/** Asks for the next value while its reader is still busy with the present one. Whoever stops reading waits until the source has ended, too. */
export async function* readAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
	const ask = () => {
		const asked = source.next();
		asked.catch(() => undefined); // Told when its turn has come.
		return asked;
	};
	try {
		for (let next = ask(); ; ) {
			const { value, done } = await next;
			if (done) return;
			next = ask();
			yield value;
		}
	} finally {
		await source.return(undefined);
	}
}
