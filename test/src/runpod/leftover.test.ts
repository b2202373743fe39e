import { readLeftovers } from '../../../src/runpod/leftover';

describe('temporary files of a submitted job', () => {
	it('are read from a list and from its JSON', () => {
		const list = [{ url: 'http://127.0.0.1:8000/files/1' }, { key: 'a.wav', bucket: 'b' }];
		expect(readLeftovers(list)).toEqual(list);
		expect(readLeftovers(JSON.stringify(list))).toEqual(list);
	});

	it('are none where nothing is told', () => expect([undefined, null, ''].map(readLeftovers)).toEqual([[], [], []]));

	it.each(['nonsense', '{}', [{ key: '' }]])('%j is refused', (given) => expect(() => readLeftovers(given)).toThrow('temporaryFiles: Expected the list'));
});
