import type { Catalogue } from './catalogue';
import type { Probe } from './probe';
import type { Device, Engine, Media, Precision, ProducedFile, Segment, Word } from './vocabulary';

/** The ports: what an operation may use, given to its `run`. Implemented in gpu-runtime. */
export interface Job {
	readonly id: string;
	/** Aborted on cancel and on the job's time limit; its reason is the ToolError to throw. */
	readonly signal: AbortSignal;
	readonly files: Files;
	readonly ffmpeg: Ffmpeg;
	readonly fonts: Fonts;
	readonly speech: Speech;
	readonly doctor: Doctor;
	readonly storage: Storage;
	readonly youtube: YouTube;
	readonly catalogue: Catalogue;
	/** `fraction` 0 to 1 of the whole job; `activity` in a few words, e.g. "Drawing the video". */
	progress(fraction: number, activity: string): void;
	/** Adds a sentence to the result's `warnings`. */
	warn(message: string): void;
}

/** The job's scratch folder; it is removed with everything in it when the job ends. */
export interface Files {
	/** Absolute path of the folder. */
	readonly folder: string;
	/** Brings a media reference into the folder (or names the local file it already is) and returns an absolute path. */
	local(media: Media, field: string): Promise<string>;
	/** The text of a small media reference (captions), at most 10 MB of UTF-8. */
	text(media: Media, field: string): Promise<string>;
	/** A fresh absolute path in the folder, e.g. `path('speech.wav')`. */
	path(name: string): string;
	/** Writes a small text into the folder; returns its absolute path. */
	write(name: string, text: string): Promise<string>;
	/** Bytes of a file. */
	size(path: string): Promise<number>;
	/** Bytes of a file from a place on; fewer at its end. */
	read(path: string, start: number, length: number): Promise<Uint8Array>;
	/** Adds bytes to the end of a file, which need not be there yet. */
	append(path: string, bytes: Uint8Array): Promise<void>;
	/** Describes a finished file as a result. */
	result(path: string, facts?: { fileName?: string; duration?: number; width?: number; height?: number }): Promise<ProducedFile>;
}

export interface RenderInput {
	/** Absolute path of a local file, or, with `lavfi`, a graph of our own making. */
	path: string;
	/** Options before `-i`, e.g. `['-stream_loop', '-1']`. The safety flags are added by the runner. */
	options?: readonly string[];
	lavfi?: boolean;
}

export interface Render {
	inputs: readonly RenderInput[];
	/** The field of the one file that is read, where there are others in the job: errors and warnings name it. */
	field?: string;
	/** A printed filter graph (src/ffmpeg/graph.ts). */
	filter?: string;
	/** Everything between the inputs and the output's name. */
	options: readonly string[];
	/** Absolute path of the file to make; written as a part and renamed when it is complete and right. */
	output: string;
	/** Expected length in seconds, for progress and for the check that the whole file was made. */
	duration?: number;
	/** Allowed difference from `duration`, seconds; default 0.5. Infinity where the result is only a part of another, which is checked. */
	tolerance?: number;
	/** Expected pictures: with it the picture and the sound are each held to `duration`, not only the longer of them. */
	frames?: number;
	/** Bytes that the result will take, where that is known: refused at once when the disk has not twice as much. */
	expectedSize?: number;
	onProgress?(fraction: number): void;
}

export interface Ffmpeg {
	/** Throws InvalidInput (code `unreadable_media`) naming `field` when the file is no readable media. */
	probe(path: string, field?: string): Promise<Probe>;
	/**
	 * Runs ffmpeg to make one file. Throws OperationFailed with the last useful line of its log; Cancelled, TimedOut from the signal.
	 * Damaged input that it got over becomes a warning of the job, and so does a GPU encoder that failed: `encoder` then names
	 * the one that ran instead (null: `options` asked for none of `videoEncoder`).
	 */
	render(request: Render): Promise<{ encoder: string | null }>;
	/** Runs ffmpeg for what it says rather than makes (loudness, decoding checks); returns its log. `-f null -` is added. */
	analyse(request: Omit<Render, 'output' | 'tolerance' | 'frames' | 'expectedSize'>): Promise<string>;
	/** Video encoder arguments (`-c:v` to `-pix_fmt`) that were proved to work on this machine, for a quality level. */
	videoEncoder(quality: Quality): Promise<{ encoder: string; options: string[] }>;
	/** Throws OperationFailed (`ffmpeg_incapable`) that names what is missing. */
	need(names: readonly string[]): Promise<void>;
}

export const qualities = ['draft', 'balanced', 'high'] as const;
export type Quality = (typeof qualities)[number];

export interface FontFace {
	family: string;
	path: string;
	bold: boolean;
	italic: boolean;
	bundled: boolean;
	/** Whether the face has a glyph for the code point. */
	covers(codePoint: number): boolean;
	/** Advance width of the code point in units of the font size (1 = one em). */
	advance(codePoint: number): number;
	/** Ascent plus descent in em: libass makes this as high as the font size. */
	lineHeight: number;
	/** Unicode script names with good coverage, e.g. `Latin`, `Arabic`. */
	scripts: readonly string[];
}

export interface Fonts {
	/** Bundled faces first, then installed ones by family name. Read once per process. */
	faces(): Promise<readonly FontFace[]>;
	/** Copies the faces' files into a fresh folder of the job, for `fontsdir`; changed so that libass finds all of their characters. Returns its absolute path. */
	gather(faces: readonly FontFace[], files: Files): Promise<string>;
}

/** What every voice gives back: a mono or stereo WAV file, and the time of every word in it where the engine knows it. */
export interface Spoken {
	path: string;
	duration: number;
	words: Word[] | null;
	engine: Engine;
}

export interface DraftRequest {
	text: string;
	language: string;
	speed: number;
	pitch: number;
}
export interface KokoroRequest {
	text: string;
	voice: string;
	speed: number;
	language?: string | undefined;
	precision?: Precision | undefined;
	device?: Device | undefined;
}
export interface ChatterboxRequest {
	text: string;
	/** Local path of the voice sample. */
	sample?: string | undefined;
	exaggeration: number;
	cfgWeight: number;
	temperature: number;
	seed?: number | undefined;
	chunkCharacters: number;
	chunkSilence: number;
	model: 'original' | 'turbo';
	precision?: Precision | undefined;
	device?: Device | undefined;
}
export interface ClonedSpeech extends Spoken {
	/** The parts it was spoken in; the model does not know the times of words. */
	segments: Segment[];
	/** What to give as `seed` to get the same speech again. */
	seed: number;
	/** Whether the model could follow `cfgWeight`. */
	cfgApplied: boolean;
}
export interface TranscribeRequest {
	/** Local path of any file with sound. */
	audio: string;
	language?: string | undefined;
	task: 'transcribe' | 'translate';
	model: string;
	beamSize: number;
	prompt?: string | undefined;
	wordTimestamps: boolean;
	precision?: Precision | undefined;
	device?: Device | undefined;
}
export interface Transcript {
	text: string;
	language: string;
	languageProbability: number;
	duration: number;
	segments: { text: string; start: number; end: number; words: Word[] }[];
	engine: Engine;
}

/** The engines; each loads on first use. A missing one throws OperationFailed with the ways out. */
export interface Speech {
	draft(request: DraftRequest, job: Job): Promise<Spoken>;
	kokoro(request: KokoroRequest, job: Job): Promise<Spoken>;
	chatterbox(request: ChatterboxRequest, job: Job): Promise<ClonedSpeech>;
	transcribe(request: TranscribeRequest, job: Job): Promise<Transcript>;
}

export interface Finding {
	name: string;
	status: 'ok' | 'warning' | 'missing';
	detail: string;
	/** What to do about it, when something is to be done. */
	repair?: string;
}

export interface Doctor {
	examine(signal: AbortSignal): Promise<Finding[]>;
}

export interface ObjectPlace {
	/** The configured bucket when absent. */
	bucket?: string | undefined;
	key: string;
	/** The input field that named the object, for messages; `key` when absent. */
	field?: string | undefined;
}

export interface ObjectDescription {
	size: number;
	mimeType: string;
	/** ISO 8601. */
	lastModified?: string;
	etag?: string;
}

/** Objects in S3-compatible storage. Everything throws OperationFailed (`no_storage`) where none is set up. */
export interface Storage {
	/** Stores a local file, under a new key when none is given. */
	put(path: string, object: { key?: string | undefined; bucket?: string | undefined; mimeType: string; fileName: string }): Promise<StoredObject>;
	/** Fetches an object into a local file, which appears only when the whole object has come. */
	fetch(place: ObjectPlace, path: string): Promise<ObjectDescription>;
	/** Undefined when there is no such object. */
	status(place: ObjectPlace): Promise<ObjectDescription | undefined>;
	/** Deletes an object; one that is not there is no error. */
	remove(place: ObjectPlace): Promise<void>;
	/** A link with which anybody can fetch the object for `expires` seconds. */
	link(place: ObjectPlace, expires: number): Promise<{ url: string; expiresAt: string }>;
}

export interface StoredObject {
	key: string;
	bucket: string;
	size: number;
	sha256: string;
	etag?: string;
}

export interface YouTubeAnswer {
	/** Of HTTP. */
	status: number;
	text: string;
}

export interface YouTube {
	/** Asks for a path, or sends a body as JSON to it. Answers of at most 20 MB; throws like a download where none comes. */
	ask(path: string, request?: { headers?: Record<string, string>; body?: unknown }): Promise<YouTubeAnswer>;
}
