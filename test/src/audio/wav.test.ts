import { readWav, wavHeader, wavWriter, type WavFormat } from '../../../src/audio/wav';

function memory() {
	let bytes = new Uint8Array();
	return {
		bytes: () => bytes,
		async write(part: Uint8Array, position: number) {
			const grown = new Uint8Array(Math.max(bytes.length, position + part.length));
			grown.set(bytes);
			grown.set(part, position);
			bytes = grown;
		},
	};
}

async function written(format: WavFormat, ...parts: (Int16Array | Float32Array)[]): Promise<Uint8Array> {
	const sink = memory();
	const writer = wavWriter(sink, format);
	for (const part of parts) await writer.write(part);
	await writer.finish();
	return sink.bytes();
}

describe('WAV', () => {
	test('the header of 16-bit sound is the one that every player knows', () => {
		const header = Buffer.from(wavHeader({ sampleRate: 24000, channels: 2, encoding: 's16' }, 8));
		expect(header.toString('hex')).toBe('524946462c00000057415645666d742010000000' + '01000200c05d0000007701000400100064617461' + '08000000');
	});

	test.each(['s16', 'f32'] as const)('%s written in pieces reads back as it was', async (encoding) => {
		const bytes = await written({ sampleRate: 16000, channels: 1, encoding }, Float32Array.of(0, 0.5), Int16Array.of(-16384, 32767));
		const { format, samples } = readWav(bytes);
		expect(format).toEqual({ sampleRate: 16000, channels: 1, encoding });
		expect([...samples].map((sample) => Math.round(sample * 1000) / 1000)).toEqual([0, 0.5, -0.5, 1]);
	});

	test('floats beyond full scale are held, not wrapped round', async () => {
		const { samples } = readWav(await written({ sampleRate: 8000, channels: 1, encoding: 's16' }, Float32Array.of(1.7, -3)));
		expect(samples[0]).toBeGreaterThan(0.99);
		expect(samples[1]).toBeLessThan(-0.99);
	});

	test('silence and length are counted in frames of all channels', async () => {
		const writer = wavWriter(memory(), { sampleRate: 8000, channels: 2, encoding: 's16' });
		await writer.write(new Int16Array(1600));
		await writer.silence(0.4);
		expect(writer.frames).toBe(4000);
		expect(writer.duration).toBe(0.5);
	});

	test('unknown chunks before the sound are passed over, and a size beyond the end of the file is cut there', async () => {
		const plain = Buffer.from(await written({ sampleRate: 8000, channels: 1, encoding: 's16' }, Int16Array.of(16384)));
		const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')]);
		const odd = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)]);
		odd.writeUInt32LE(0xffffffff, odd.length - 6);
		expect([...readWav(odd).samples]).toEqual([0.5]);
	});

	test.each([
		['text', Buffer.from('hello, this is not sound')],
		['nothing', Buffer.alloc(0)],
		['a header alone', Buffer.from(wavHeader({ sampleRate: 8000, channels: 1, encoding: 's16' }, 0)).subarray(0, 36)],
	])('%s is refused as no WAV file', (_, bytes) => {
		expect(() => readWav(bytes)).toThrow(/Expected a WAV file/);
	});

	test('more than 4 GB is refused instead of written with a wrong size', () => {
		expect(() => wavHeader({ sampleRate: 8000, channels: 1, encoding: 's16' }, 2 ** 32)).toThrow(/at most 4 GB/);
	});
});
