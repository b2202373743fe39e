import { chain, filter, type Chain, type Filter } from './graph';

/** What all sound becomes before it is joined or mixed. */
export const sampleRate = 48_000;

const stereoFloat = filter('aformat', { sample_fmts: 'fltp', channel_layouts: 'stereo' });

/** Catches only what would clip. */
const limiter = filter('alimiter', { limit: 0.97, level: 0 });

/** Stereo at 48 kHz. Mono is doubled: ffmpeg's own way takes 3 dB off. Of 5.1 both front speakers keep their level, and a loud scene in all six may clip. */
export const stereo = (channels: number): Filter[] => [
	filter('aresample', { sample_rate: sampleRate, async: 1, first_pts: 0 }),
	...(channels === 1 ? [filter('pan', { args: 'stereo|c0=c0|c1=c0' }), filter('aformat', { sample_fmts: 'fltp' })] : [stereoFloat, ...(channels > 2 ? [limiter, stereoFloat] : [])]),
];

const layouts: Record<number, string> = { 1: 'mono', 2: 'stereo', 3: '3.0', 4: 'quad', 5: '5.0', 6: '5.1', 7: '6.1', 8: '7.1' };

/** From so many channels to so many, at the same level: ffmpeg's own way takes 3 dB off mono, and adds 3 dB to what both sides of stereo say. */
export function remixed(from: number, to: number): Filter[] {
	if (from === to) return [];
	if (from === 1 && to === 2) return [filter('pan', { args: 'stereo|c0=c0|c1=c0' })];
	if (from === 2 && to === 1) return [filter('pan', { args: 'mono|c0=0.5*c0+0.5*c1' })];
	return [plainLayout(to)];
}

/** The speakers that most encoders know: Opus takes 5.1 and not 5.1(side). */
export const plainLayout = (channels: number) => filter('aformat', { channel_layouts: layouts[channels] ?? 'stereo' });

/** Exactly so many seconds: silence is added, or the end cut off. */
export const lasting = (duration: number): Filter[] => [filter('apad'), filter('atrim', { duration }), filter('asetpts', { expr: 'PTS-STARTPTS' })];

/** A source, needing no input. */
export const silence = (duration: number): Filter[] => [filter('anullsrc', { r: sampleRate, cl: 'stereo' }), filter('atrim', { duration }), stereoFloat];

export interface Fades {
	/** Seconds. */
	fadeIn?: number | undefined;
	fadeOut?: number | undefined;
}

export function fading({ fadeIn = 0, fadeOut = 0 }: Fades, duration: number): Filter[] {
	return [
		...(fadeIn > 0 ? [filter('afade', { t: 'in', d: Math.min(fadeIn, duration) })] : []),
		...(fadeOut > 0 ? [filter('afade', { t: 'out', st: Math.max(0, duration - fadeOut), d: Math.min(fadeOut, duration) })] : []),
	];
}

export interface Music extends Fades {
	/** Pad of the music, e.g. `1:a:0`; looped by its input's options. */
	from: string;
	channels: number;
	/** 1 leaves it as it is. */
	volume: number;
	/** Whether the music gives way while the voice speaks. */
	duck: boolean;
}

export interface Mix {
	/** Pad of the voice, already stereo and as long as the result. */
	voice: string;
	music: Music;
	duration: number;
	to: string;
}

/** Lays music under a voice, which keeps its level. */
export function mixed({ voice, music, duration, to }: Mix): Chain[] {
	const ready = [...stereo(music.channels), filter('volume', { volume: music.volume }), ...lasting(duration), ...fading(music, duration)];
	return [
		...(music.duck ? ducked(voice, music.from, ready) : [chain([music.from], ready, ['music'])]),
		chain([music.duck ? 'spoken' : voice, 'music'], [...adding, ...lasting(duration)], [to]),
	];
}

const ducked = (voice: string, music: string, ready: readonly Filter[]): Chain[] => [
	chain([voice], [filter('asplit', { outputs: 2 })], ['spoken', 'key']),
	chain([music], ready, ['loud']),
	chain(
		['loud', 'key'],
		// Without a format of its own ffmpeg 5 finds none that the filters agree on.
		[filter('sidechaincompress', { threshold: 0.02, ratio: 8, attack: 20, release: 400 }), stereoFloat],
		['music'],
	),
];

/** Sums two stereo sounds; `amix` would take 6 dB off each. */
const adding = [
	filter('amerge', { inputs: 2 }),
	filter('pan', { args: 'stereo|c0=c0+c2|c1=c1+c3' }),
	limiter,
];
