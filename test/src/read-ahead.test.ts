import { setTimeout as sleep } from 'node:timers/promises';
import { readAhead } from '../../src/read-ahead';

describe('reading ahead', () => {
	/** A source that tells what it is at. */
	function source({ failsAt = Infinity } = {}) {
		const done: string[] = [];
		async function* values() {
			try {
				for (let i = 1; i <= 4; i++) {
					done.push(`makes ${i}`);
					await sleep(5);
					if (i === failsAt) throw new Error('broken');
					yield i;
				}
			} finally {
				done.push('ended');
			}
		}
		return { done, values: readAhead(values()) };
	}

	it('gives all values in order, the next one in the making while its reader is busy', async () => {
		const { done, values } = source();
		for await (const value of values) {
			done.push(`busy with ${value}`);
			await sleep(10);
		}
		expect(done).toEqual(['makes 1', 'makes 2', 'busy with 1', 'makes 3', 'busy with 2', 'makes 4', 'busy with 3', 'ended', 'busy with 4']);
	});

	it('tells a failure when its turn has come, after all that was good', async () => {
		const { values } = source({ failsAt: 2 });
		expect(await values.next()).toEqual({ value: 1, done: false });
		await sleep(20);
		await expect(values.next()).rejects.toThrow('broken');
	});

	it('has ended its source when its reader stops, whatever was in the making', async () => {
		const { done, values } = source();
		for await (const _ of values) break;
		expect(done).toEqual(['makes 1', 'makes 2', 'ended']);
	});
});
