import { isMp4Sound } from '../container';
import { printRational, toNumber } from '../rational';
import { lateness, slack, type Canvas, type Clip } from './clip';

/** Pictures that an mp4 can hold and players take from it. */
const mp4Pictures = new Set(['h264', 'hevc', 'av1', 'mpeg4']);

/** Seconds by which a picture may start late only because its frames are stored in another order than shown; joining keeps that. */
const reorderDelay = 0.2;

/** Why the pictures cannot be joined as they are; undefined when they can. */
export function pictureObstacle(clips: readonly Clip[], canvas: Canvas): string | undefined {
	for (const clip of clips) {
		const obstacle = ownObstacle(clip, canvas);
		if (obstacle !== undefined) return `${clip.field} ${obstacle}`;
	}
	return difference(clips, pictureFacts);
}

/** Whether a clip's picture is of the canvas's size and rate, and could stand in an mp4 as it is, none of its frames hidden. */
export const fits = (clip: Clip, canvas: Canvas) => ownObstacle(clip, canvas) === undefined && !hidesFrames(clip, canvas);

/** As a clip does that was cut without encoding: it begins with frames that are only there to decode those that are shown. */
const hidesFrames = ({ video }: Clip, { fps }: Canvas) => video !== null && Math.abs(video.frameCount - video.duration * toNumber(fps)) > 0.5;

/** Whether two pictures can be joined as they are. */
export const areAlike = (one: Clip, other: Clip) => difference([one, other], pictureFacts) === undefined;

/** Why the sounds cannot be joined as they are, when the pictures can. */
export function soundObstacle(clips: readonly Clip[], { fps }: Canvas): string | undefined {
	const foreign = clips.find(({ audio }) => audio !== null && !isMp4Sound(audio.codec));
	if (foreign) return `${foreign.field} has sound (${foreign.audio?.codec ?? ''}) that mp4 cannot hold`;
	const late = clips.find(({ audio }) => audio !== null && lateness(audio, fps) > 0);
	if (late) return `${late.field} has sound that starts later than its picture`;
	const uneven = clips.find(({ video, audio }) => video && audio && Math.abs(video.end - audio.end) >= 1 / toNumber(fps));
	if (uneven && clips.length > 1) return `${uneven.field} has sound and picture that end at different times`;
	return difference(clips, soundFacts);
}

function ownObstacle({ video, audio, still }: Clip, { width, height, fps }: Canvas): string | undefined {
	if (video === null) return 'has no picture';
	if (still) return 'is a still picture';
	if (video.variableFrameRate) return 'has a variable frame rate';
	if (!mp4Pictures.has(video.codec)) return `has a picture (${video.codec}) that mp4 cannot hold`;
	if (video.width !== width || video.height !== height) return `is ${video.width}×${video.height}, and the result ${width}×${height}`;
	if (printRational(video.fps) !== printRational(fps)) return `has ${printRational(video.fps)} frames per second, and the result ${printRational(fps)}`;
	if (video.start > reorderDelay) return 'has a picture that starts later than its sound';
	return audio !== null && audio.end > video.end + slack(fps) ? 'has sound that ends later than its picture' : undefined;
}

type Facts = Record<string, string | number>;

function difference(clips: readonly Clip[], factsOf: (clip: Clip) => Facts): string | undefined {
	const [first, ...others] = clips;
	if (!first) return undefined;
	const expected = factsOf(first);
	for (const other of others) {
		const name = Object.entries(factsOf(other)).find(([fact, value]) => value !== expected[fact])?.[0];
		if (name !== undefined) return `${other.field} has another ${name} than ${first.field}`;
	}
	return undefined;
}

function pictureFacts({ video }: Clip): Facts {
	if (video === null) return {};
	return {
		codec: video.codec,
		profile: video.profile,
		level: video.level,
		size: `${video.codedWidth}x${video.codedHeight}`,
		'pixel shape': video.sampleAspectRatio,
		'pixel format': video.pixelFormat,
		'frame rate': printRational(video.fps),
		'time base': video.timeBase,
		'colour range': video.colorRange,
		'colour space': video.colorSpace,
		'colour transfer': video.colorTransfer,
		'colour primaries': video.colorPrimaries,
		rotation: video.rotation,
		'encoder setting': video.extradataHash,
		'place of the picture in its file': video.index,
		'start of the picture': Math.round(video.start * toNumber(video.fps)),
	};
}

const soundFacts = ({ audio }: Clip): Facts =>
	audio === null
		? { sound: 'none' }
		: {
				sound: 'some',
				'sound codec': audio.codec,
				'sound profile': audio.profile,
				'sample rate': audio.sampleRate,
				'number of channels': audio.channels,
				'channel layout': audio.channelLayout,
				'sound encoder setting': audio.extradataHash,
				'place of the sound in its file': audio.index,
			};
