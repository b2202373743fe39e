import { randomUUID } from 'node:crypto';
import { open, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidInput } from '../../../src/errors';
import { foreignKind } from '../../../src/foreign-file';
import type { Probe } from '../../../src/probe';
import { safetyFlags } from './arguments';
import type { KnownStreams } from './known-streams';
import { lastUsefulLine } from './log';
import { pngHead } from './png-head';
import { answer, isStill, mainPicture, toProbe, type Answer } from './probe-answer';
import { run, type RunOptions } from './run';

export interface Limits {
	maxPixels: number;
	maxStreams: number;
	/** Seconds. */
	maxDuration: number;
}

export interface ProbeOptions extends Pick<RunOptions, 'cwd' | 'env' | 'signal' | 'timeLimit'> {
	ffprobe: string;
	/** Of all files that this process met. */
	known: KnownStreams;
	limits: Limits;
	field: string | undefined;
}

/** One call tells everything. */
const questions = ['-show_format', '-show_streams', '-show_data_hash', 'sha256'];

const headerOnly = ['-nofind_stream_info'];

/** Of the first frame only, which costs a decoding of its own. */
const orientation = ['-show_entries', 'frame=stream_index:frame_tags', '-read_intervals', '%+#1'];

export async function probeFile(path: string, options: ProbeOptions): Promise<Probe> {
	const { limits, field } = options;
	const size = await sizeOf(path, options);
	const { found, log } = await askAll(path, options);
	if (found === undefined) throw unreadable(await whyUnread(resolve(options.cwd, path), log), field);
	const picture = mainPicture(found);
	if (picture === undefined && !found.streams.some(({ codec_type }) => codec_type === 'audio' || codec_type === 'video')) throw unreadable('it holds neither sound nor pictures. Choose another file', field);
	// A picture beyond the limit, or a broken one, leaves ffprobe without a size and yet with exit code 0.
	if (picture !== undefined && (picture.width === 0 || picture.height === 0)) throw unreadable(reasonOf(log, limits), field);
	if (picture !== undefined && picture.width * picture.height > limits.maxPixels) throw unreadable(tooManyPixels(`${picture.width}x${picture.height}`, limits), field);
	check(found, limits, field);
	const uncounted = picture !== undefined && !isStill(found) && picture.nb_frames === undefined;
	return { ...toProbe(found, uncounted ? await countPackets(path, picture.index, options) : undefined), size };
}

async function askAll(path: string, options: ProbeOptions): Promise<Asked> {
	const full = resolve(options.cwd, path);
	const head = await pngHead(full);
	if (head === undefined) {
		const start = Buffer.from(await firstBytes(full, 12)).toString('latin1');
		if (start.slice(4, 8) === 'ftyp') return askMp4(path, options);
		return ask(path, mayBeTurned(start) ? [...questions, ...orientation] : questions, options);
	}
	// Asked by its name alone: a percent sign in the folder's would stand for numbered pictures.
	const name = `head-${randomUUID()}.png`;
	const headPath = join(options.cwd, name);
	try {
		await writeFile(headPath, head.picture);
		const { found, log } = await ask(name, questions, options);
		return { found: found && { ...found, streams: found.streams.map((one) => ({ ...one, height: head.height })) }, log };
	} finally {
		await rm(headPath, { force: true });
	}
}

/** Its header is enough where streams like its own were met before. */
async function askMp4(path: string, options: ProbeOptions): Promise<Asked> {
	const { found: header, log } = await ask(path, [...headerOnly, ...questions], options);
	const found = header && options.known.complete(header);
	if (found !== undefined) return { found, log };
	const whole = await ask(path, questions, options);
	if (header && whole.found) options.known.learn(header, whole.found);
	return whole;
}

export interface Lengths {
	/** Seconds of the picture and the sound, where there are any. */
	seconds: number[];
	frames: number;
}

/** From the header alone where that tells them, for files of our own making, whose other facts are known. */
export async function lengthsOf(path: string, options: ProbeOptions): Promise<Lengths> {
	const { found } = await ask(path, [...headerOnly, '-show_format', '-show_streams'], options);
	const streams = found?.streams ?? [];
	const seconds = streams.flatMap(({ duration }) => duration ?? []);
	if (seconds.length > 0 && seconds.length === streams.length) return { seconds, frames: streams.find(({ codec_type }) => codec_type === 'video')?.nb_frames ?? 0 };
	const { video, audio } = await probeFile(path, options);
	return { seconds: [video, audio].flatMap((track) => track?.duration ?? []), frames: video?.frameCount ?? 0 };
}

function reasonOf(log: string, limits: Limits): string {
	const size = /picture size (\d+x\d+) exceeds/i.exec(log)?.[1];
	if (size !== undefined) return tooManyPixels(size, limits);
	return damaged(log === '' ? 'the size of its picture is unknown' : lastUsefulLine(log));
}

const tooManyPixels = (size: string, { maxPixels }: Limits) => `its picture of ${size} has more than ${maxPixels} pixels. Make it smaller, or raise AI_AGENT_TOOLS_MAX_PIXELS`;

/** The name in front of the reason is one of our own making. */
const damaged = (reason: string) => `it is damaged, or of another kind (${reason.replace(/^[\w-]+\.\w+: /, '').replace(/\.$/, '')}). Look whether it opens on a computer; if not, make it again`;

async function whyUnread(path: string, log: string): Promise<string> {
	return foreignKind(await firstBytes(path, 512)) ?? damaged(lastUsefulLine(log));
}

/** Containers such as Matroska do not say how many frames they hold; reading without decoding tells. */
async function countPackets(path: string, index: number, options: ProbeOptions): Promise<number> {
	const { found } = await ask(path, ['-select_streams', String(index), '-count_packets', '-show_streams', '-show_format'], options);
	return found?.streams[0]?.nb_read_packets ?? 0;
}

interface Asked {
	found: Answer | undefined;
	log: string;
}

/** glibc's memory in larger pieces saves ffprobe an eighth of its time; ffmpeg, with its frames, it would cost a third. */
const inLargePieces = { MALLOC_TOP_PAD_: '16777216' };

async function ask(path: string, wanted: readonly string[], { ffprobe, limits, env, ...surroundings }: ProbeOptions): Promise<Asked> {
	let output = '';
	const { code, log } = await run(ffprobe, ['-hide_banner', '-v', 'error', ...safetyFlags(limits.maxPixels), ...wanted, '-of', 'json', path], {
		...surroundings,
		env: { ...env, ...inLargePieces },
		onOutput: (text) => {
			output += text;
		},
	});
	return { found: code === 0 ? answer.parse(JSON.parse(output)) : undefined, log: log.text };
}

function check({ streams, format }: Answer, { maxStreams, maxDuration }: Limits, field: string | undefined) {
	if (streams.length > maxStreams) throw invalid(`Expected at most ${maxStreams} streams in the file, got ${streams.length}. Leave some out, or raise AI_AGENT_TOOLS_MAX_STREAMS`, 'too_many_streams', field);
	const duration = format.duration ?? 0;
	if (duration > maxDuration)
		throw invalid(`Expected at most ${maxDuration} s, got ${Math.round(duration)} s. Cut the file, or raise AI_AGENT_TOOLS_MAX_DURATION`, 'too_long', field);
}

/** By their first bytes: only JPEG, TIFF and WebP pictures say in their EXIF data how they are turned. */
const mayBeTurned = (start: string) => /^(\xff\xd8|II\*\0|MM\0\*|RIFF....WEBP)/s.test(start);

async function firstBytes(path: string, length: number): Promise<Uint8Array> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

/** Devices, pipes and folders could hang a reader for ever. */
async function sizeOf(path: string, { cwd, field }: ProbeOptions): Promise<number> {
	const facts = await stat(resolve(cwd, path)).catch((cause: unknown) => {
		throw invalid('Expected a file, got none. Look at the step that makes it', 'file_not_found', field, cause);
	});
	if (!facts.isFile()) throw invalid('Expected a file, got a folder or a device. Choose a file', 'unreadable_media', field);
	if (facts.size === 0) throw unreadable('it is empty. Look at the step that makes it', field);
	return facts.size;
}

const unreadable = (reason: string, field: string | undefined) =>
	invalid(`Expected a media file that can be read (mp4, mov, mkv, webm, avi, wav, mp3, ogg, flac, aac, png, jpg, webp, …): ${reason}`, 'unreadable_media', field);

const invalid = (message: string, code: string, field: string | undefined, cause?: unknown) =>
	new InvalidInput(field === undefined ? message : `${field}: ${message}`, { code, ...(field !== undefined && { field }), cause });
