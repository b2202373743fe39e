import { pictureObstacle, soundObstacle } from '../../../../src/ffmpeg/merge/alike';
import type { Clip } from '../../../../src/ffmpeg/merge/clip';
import type { AudioTrack, VideoTrack } from '../../../../src/probe';

const canvas = { width: 160, height: 120, fps: { num: 25, den: 1 } };
const video: VideoTrack = {
	...{ index: 0, codec: 'h264', profile: 'High', level: 31, bitrate: null, width: 160, height: 120, codedWidth: 160, codedHeight: 120 },
	...{ sampleAspectRatio: '1:1', rotation: 0, orientation: 1, fps: canvas.fps, variableFrameRate: false, reordered: true, frameCount: 25, start: 0, duration: 1, end: 1 },
	...{ pixelFormat: 'yuv420p', bitDepth: 8, hdr: false, colorRange: 'tv', colorSpace: 'bt709', colorTransfer: 'bt709', colorPrimaries: 'bt709', timeBase: '1/12800', extradataHash: 'a' },
};
const audio: AudioTrack = { index: 1, codec: 'aac', bitrate: null, sampleRate: 48_000, channels: 2, channelLayout: 'stereo', start: 0, duration: 1, end: 1, profile: 'LC', timeBase: '1/48000', extradataHash: 'b' };
const clip = (field: string, changed: Partial<Clip> = {}): Clip => ({ path: '/job/a.mp4', field, video, audio, still: false, ...changed });
const withVideo = (changed: Partial<VideoTrack>) => [clip('videos.0'), clip('videos.1', { video: { ...video, ...changed } })];
const withAudio = (changed: Partial<AudioTrack>) => [clip('videos.0'), clip('videos.1', { audio: { ...audio, ...changed } })];

it('alike clips have nothing against being joined as they are', () => {
	expect(pictureObstacle(withVideo({}), canvas)).toBeUndefined();
	expect(soundObstacle(withAudio({}), canvas)).toBeUndefined();
	expect(soundObstacle([clip('videos.0', { audio: null }), clip('videos.1', { audio: null })], canvas)).toBeUndefined();
});

it.each([
	['codec', { codec: 'hevc' }],
	['profile', { profile: 'Main' }],
	['level', { level: 40 }],
	['size', { codedHeight: 128 }],
	['pixel shape', { sampleAspectRatio: '4:3' }],
	['pixel format', { pixelFormat: 'yuv444p' }],
	['time base', { timeBase: '1/90000' }],
	['colour range', { colorRange: 'pc' }],
	['colour space', { colorSpace: 'smpte170m' }],
	['colour transfer', { colorTransfer: 'smpte2084' }],
	['colour primaries', { colorPrimaries: 'bt2020' }],
	['rotation', { rotation: 90 }],
	['encoder setting', { extradataHash: 'c' }],
	['place of the picture in its file', { index: 1 }],
	['start of the picture', { start: 0.08 }],
] satisfies [string, Partial<VideoTrack>][])('pictures are not joined as they are when their %s differs', (fact, changed) => {
	expect(pictureObstacle(withVideo(changed), canvas)).toBe(`videos.1 has another ${fact} than videos.0`);
});

it.each([
	['a frame rate near the other', { fps: { num: 30_000, den: 1001 } }, '30000/1001 frames per second'],
	['a variable frame rate', { variableFrameRate: true }, 'a variable frame rate'],
	['another size', { width: 162 }, '162×120'],
	['a codec that mp4 has not', { codec: 'vp8' }, 'vp8'],
	['a late picture', { start: 0.4 }, 'starts later'],
	['a shorter picture than its sound', { end: 0.9 }, 'ends later than its picture'],
] satisfies [string, Partial<VideoTrack>, string][])('a clip with %s is encoded', (_, changed, expected) => {
	expect(pictureObstacle(withVideo(changed), canvas)).toContain(expected);
});

it('a still picture and a sound have no picture that could be joined as it is', () => {
	expect(pictureObstacle([clip('videos.0', { still: true })], canvas)).toBe('videos.0 is a still picture');
	expect(pictureObstacle([clip('videos.0', { video: null })], canvas)).toBe('videos.0 has no picture');
});

it.each([
	['sound codec', { codec: 'mp3' }],
	['sound profile', { profile: 'HE-AAC' }],
	['sample rate', { sampleRate: 44_100 }],
	['number of channels', { channels: 1 }],
	['channel layout', { channelLayout: 'downmix' }],
	['sound encoder setting', { extradataHash: 'c' }],
	['place of the sound in its file', { index: 2 }],
] satisfies [string, Partial<AudioTrack>][])('sounds are not joined as they are when their %s differs', (fact, changed) => {
	expect(soundObstacle(withAudio(changed), canvas)).toBe(`videos.1 has another ${fact} than videos.0`);
});

it('sounds are encoded when one is missing, of a codec that mp4 has not, late, or of another length than its picture', () => {
	expect(soundObstacle([clip('videos.0'), clip('videos.1', { audio: null })], canvas)).toBe('videos.1 has another sound than videos.0');
	expect(soundObstacle(withAudio({ codec: 'vorbis' }), canvas)).toContain('vorbis');
	expect(soundObstacle(withAudio({ start: 0.4 }), canvas)).toBe('videos.1 has sound that starts later than its picture');
	expect(soundObstacle(withAudio({ end: 0.944 }), canvas)).toBe('videos.1 has sound and picture that end at different times');
});
