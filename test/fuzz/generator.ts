import { readFile } from 'node:fs/promises';
import type { Clips, ClipName } from '../support/clips';

export interface BrokenFile {
	/** How it was made, enough to find it again. */
	name: string;
	extension: string;
	make(): Promise<Buffer>;
}

const seeds: ClipName[] = ['plain.mp4', 'silent.mp4', 'plain.mkv', 'plain.webm', 'rotated.mp4', 'tone.wav', 'tone.mp3', 'covered.mp3', 'picture.png', 'picture.jpg', 'picture.webp', 'transparent.png'];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

type Random = () => number;
type Harm = (bytes: Buffer, random: Random) => Buffer;

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const readClip = async (clips: Clips, name: ClipName) => readFile(await clips.clip(name));
const copyOf = (bytes: Buffer) => Buffer.from(bytes);

/** Where the sizes and counts of a format are likely to be: its head, and around the boxes of an mp4. */
function placeOfClaim(bytes: Buffer, random: Random): number {
	const boxes = ['tkhd', 'mdhd', 'mvhd', 'stts', 'stsz', 'stco', 'stsc', 'avc1', 'mp4a', 'IHDR', 'IDAT', 'data', 'fmt '];
	const found = boxes.map((box) => bytes.indexOf(box, 0, 'latin1')).filter((at) => at >= 4);
	const box = found[below(random, found.length)];
	const place = box === undefined || random() < 0.3 ? below(random, 64) : box - 4 + below(random, 48);
	return Math.min(place, bytes.length - 4);
}

const harms: Record<string, Harm> = {
	cut: (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
	'cut at the start': (bytes, random) => bytes.subarray(1 + below(random, bytes.length - 1)),
	'bits flipped': (bytes, random) => {
		const broken = copyOf(bytes);
		for (let left = 1 + below(random, 64); left > 0; left--) {
			const at = below(random, broken.length);
			broken[at] = (broken[at] ?? 0) ^ (1 << below(random, 8));
		}
		return broken;
	},
	'zeros inside': (bytes, random) => {
		const start = below(random, bytes.length);
		return copyOf(bytes).fill(0, start, start + 1 + below(random, bytes.length - start));
	},
	'noise inside': (bytes, random) => {
		const broken = copyOf(bytes);
		const start = below(random, bytes.length);
		for (let at = start; at < Math.min(bytes.length, start + 512); at++) broken[at] = below(random, 256);
		return broken;
	},
	'huge claims': (bytes, random) => {
		const broken = copyOf(bytes);
		for (let left = 1 + below(random, 3); left > 0; left--) broken.writeUInt32BE([0xffffffff, 0x7fffffff, 0x10000000, 0][below(random, 4)] ?? 0, placeOfClaim(broken, random));
		return broken;
	},
	'a part left out': (bytes, random) => {
		const start = below(random, bytes.length);
		return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + below(random, 2000))]);
	},
	'a part twice': (bytes, random) => {
		const start = below(random, bytes.length);
		const part = bytes.subarray(start, start + 1 + below(random, 4000));
		return Buffer.concat([bytes.subarray(0, start), part, bytes.subarray(start)]);
	},
};

const heads: Record<string, string> = {
	PNG: '\x89PNG\r\n\x1a\n',
	JPEG: '\xff\xd8\xff\xe0\x00\x10JFIF\x00',
	WAV: 'RIFF\xff\xff\xff\xffWAVEfmt ',
	mp4: '\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41',
	Matroska: '\x1a\x45\xdf\xa3',
	FLAC: 'fLaC',
	Ogg: 'OggS\x00\x02',
	AVI: 'RIFF\xff\xff\xff\xffAVI LIST',
	FLV: 'FLV\x01\x05\x00\x00\x00\x09',
	ID3: 'ID3\x04\x00\x00\x7f\x7f\x7f\x7f',
};

/** Files that belong to no clip: empty, text, the head of one format before nothing, zeros or noise. */
function strange(random: Random): BrokenFile[] {
	const noise = (length: number) => Buffer.from(Array.from({ length }, () => below(random, 256)));
	const fixed: [string, Buffer][] = [
		['nothing', Buffer.alloc(0)],
		['one byte', Buffer.from([0])],
		['zeros', Buffer.alloc(65_536)],
		['noise', noise(20_000)],
		['text', Buffer.from('This is no media file.\n'.repeat(100))],
		['a playlist', Buffer.from('#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n')],
		['a concat list', Buffer.from('ffconcat version 1.0\nfile /etc/passwd\n')],
		['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>')],
		['a program', Buffer.from('#!/bin/sh\ntouch /tmp/stray\n')],
	];
	const headed = Object.entries(heads).flatMap(([format, head]): [string, Buffer][] => {
		const start = Buffer.from(head, 'latin1');
		return [[`the head of ${format} alone`, start], [`the head of ${format} before zeros`, Buffer.concat([start, Buffer.alloc(4096)])], [`the head of ${format} before noise`, Buffer.concat([start, noise(4096)])]];
	});
	return [...fixed, ...headed].map(([name, bytes], index) => ({ name, extension: ['.mp4', '.png', '.wav', ''][index % 4] ?? '', make: () => Promise.resolve(bytes) }));
}

const usualCount = 560;

/** Files that no program should trust, the same ones for the same seed. Every kind comes early, so that a first part has something of each. */
export function brokenFiles(clips: Clips, { count = usualCount, seed = 1 } = {}): BrokenFile[] {
	const random = createRandom(seed);
	const kinds = Object.entries(harms);
	const others = strange(random);
	const made = Array.from({ length: Math.max(count, usualCount) - others.length }, (_, index): BrokenFile => {
		const [harm, apply] = kinds[index % kinds.length] ?? ['cut', (bytes) => bytes];
		const clip = seeds[(index + Math.floor(index / kinds.length)) % seeds.length] ?? 'plain.mp4';
		const own = seed * 100_003 + index;
		return { name: `${clip}, ${harm}, ${own}`, extension: clip.slice(clip.lastIndexOf('.')), make: async () => apply(await readClip(clips, clip), createRandom(own)) };
	});
	return spread(others, made).slice(0, count);
}

/** The shorter list's items among the longer one's, evenly. */
function spread<T>(few: T[], many: T[]): T[] {
	const every = Math.max(1, Math.floor(many.length / Math.max(1, few.length)));
	const mixed = many.flatMap((item, index) => [item, ...(index % every === 0 ? few.slice(index / every, index / every + 1) : [])]);
	return [...mixed, ...few.slice(Math.ceil(many.length / every))];
}
