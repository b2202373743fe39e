import { readLeftovers } from '../../../src/runpod/leftover';
import { temporaryKey, uploadKey } from '../../../src/storage/keys';

const name = { prefix: 'of/mine', id: '0f0e0d0c-1111-4222-8333-444455556666', fileName: 'A.WAV' };

describe('temporary files of a submitted job', () => {
	it('are read from a list and from its JSON', () => {
		const list = [{ url: 'http://127.0.0.1:8000/files/1' }, { key: temporaryKey(name), bucket: 'b' }];
		expect(readLeftovers(list)).toEqual(list);
		expect(readLeftovers(JSON.stringify(list))).toEqual(list);
	});

	it('are none where nothing is told', () => expect([undefined, null, ''].map(readLeftovers)).toEqual([[], [], []]));

	it.each(['nonsense', '{}', [{ key: '' }], [{ key: 'temporary/a.wav' }], [{ key: uploadKey({ ...name, mimeType: 'audio/wav' }) }]])('%j is refused', (given) => expect(() => readLeftovers(given)).toThrow('Temporary Files: Expected the list'));
});
