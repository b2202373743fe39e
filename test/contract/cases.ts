import { expect } from 'expect';
import type { Clips } from '../support/clips';
import { writeSpoken } from '../support/models/tiny';
import { zoo } from '../support/youtube';

export interface Case {
	operation: string;
	input(clips: Clips): Promise<Record<string, unknown>> | Record<string, unknown>;
	expected: Record<string, unknown>;
}

const text = 'Hello world.';
const words = [{ text: 'Hello', start: 0.1, end: 0.4 }, { text: 'world', start: 0.5, end: 0.9 }];
const small = { width: 108, height: 192, quality: 'draft' };
const file = (path: string) => ({ file: path });
const audio = expect.objectContaining({ mimeType: 'audio/wav', size: expect.any(Number) });
const video = expect.objectContaining({ mimeType: 'video/mp4', size: expect.any(Number) });
const picture = expect.objectContaining({ mimeType: 'image/jpeg', size: expect.any(Number) });

const key = 'sounds/tone.wav';

/** At least one case for every operation. */
export const cases: readonly Case[] = [
	{ operation: 'generate_draft_tts', input: () => ({ text }), expected: { audio, words: [{ text: 'Hello' }, { text: 'world.' }] } },
	{ operation: 'generate_kokoro_tts', input: () => ({ text }), expected: { audio, words: [{ text: 'Hello' }, { text: 'world.' }], engine: { provider: 'cpu' } } },
	{ operation: 'generate_chatterbox_tts', input: () => ({ text, seed: 7 }), expected: { audio, engine: { provider: 'cpu' } } },
	{ operation: 'get_kokoro_voices', input: () => ({ language: 'en-us' }), expected: { voices: expect.arrayContaining([expect.objectContaining({ id: 'af_heart' })]) } },
	{ operation: 'transcribe', input: async (clips) => ({ audio: file(await writeSpoken(clips.folder)) }), expected: { engine: { provider: 'cpu' }, srt: expect.stringContaining('-->') } },
	{ operation: 'convert_captions', input: () => ({ captions: words, to: 'vtt' }), expected: { captions: 'WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nHello world\n' } },
	{ operation: 'get_audio_info', input: async (clips) => ({ audio: file(await clips.clip('tone.wav')) }), expected: { duration: 1, sampleRate: 48_000, channels: 1 } },
	{ operation: 'get_video_info', input: async (clips) => ({ video: file(await clips.clip('plain.mp4')) }), expected: { duration: 1, width: 160, height: 120, fps: 25 } },
	{
		operation: 'generate_captioned_video',
		input: async (clips) => ({ background: file(await clips.clip('picture.png')), text, speech: { engine: 'kokoro' }, ...small }),
		expected: { video, words: [{ text: 'Hello' }, { text: 'world.' }], engine: { name: 'kokoro' } },
	},
	{ operation: 'add_captions', input: async (clips) => ({ video: file(await clips.clip('plain.mp4')), captions: words, quality: 'draft' }), expected: { video, words } },
	{ operation: 'extract_frame', input: async (clips) => ({ video: file(await clips.clip('plain.mp4')), timestamp: 0.5 }), expected: { frame: picture, time: 0.5 } },
	{ operation: 'extract_frames', input: async (clips) => ({ video: file(await clips.clip('plain.mp4')), amount: 2 }), expected: { frames: [picture, picture], times: [0.25, 0.75] } },
	{ operation: 'stitch_images', input: async (clips) => ({ images: [file(await clips.clip('picture.png')), file(await clips.clip('picture.jpg'))] }), expected: { image: picture } },
	{ operation: 'make_image_imperfect', input: async (clips) => ({ image: file(await clips.clip('picture.png')), seed: 7 }), expected: { image: picture, seed: 7 } },
	{ operation: 'convert_audio', input: async (clips) => ({ audio: file(await clips.clip('tone.mp3')), format: 'wav' }), expected: { audio, codec: 'pcm_s16le', reencoded: true } },
	{ operation: 'mix_audio', input: async (clips) => ({ voice: file(await clips.clip('mono.wav')), music: file(await clips.clip('music.wav')), format: 'wav' }), expected: { audio, duration: 2 } },
	{ operation: 'convert_pcm_to_wav', input: () => ({ pcm: { base64: Buffer.alloc(48_000).toString('base64') } }), expected: { audio, duration: 1, sampleRate: 44_100, channels: 2 } },
	{
		operation: 'merge_videos',
		input: async (clips) => ({ videos: [file(await clips.clip('plain.mp4')), file(await clips.clip('plain.mp4'))] }),
		expected: { video, frameCount: 50, reencoded: false },
	},
	{
		operation: 'add_colorkey_overlay',
		input: async (clips) => ({ video: file(await clips.clip('plain.mp4')), overlay: file(await clips.clip('picture.png')), quality: 'draft' }),
		expected: { video, duration: 1 },
	},
	{ operation: 'list_fonts', input: () => ({}), expected: { fonts: expect.arrayContaining([expect.objectContaining({ family: 'Inter' })]) } },
	{ operation: 'upload_file', input: async (clips) => ({ file: file(await clips.clip('tone.wav')), key }), expected: { key, contentType: 'audio/wav', size: 96_078 } },
	{ operation: 'file_status', input: () => ({ key }), expected: { status: 'ready', size: 96_078 } },
	{ operation: 'download_file', input: () => ({ key }), expected: { file: audio } },
	{ operation: 'delete_file', input: () => ({ key }), expected: { deleted: true } },
	{ operation: 'get_youtube_transcript', input: () => ({ video: zoo, languages: 'en' }), expected: { title: 'Me at the zoo', text: 'all right so here we are' } },
	{ operation: 'describe_operation', input: () => ({ operationName: 'convert_audio' }), expected: { fields: expect.arrayContaining([{ name: 'format', type: expect.stringContaining('mp3'), default: expect.any(String), meaning: expect.any(String) }]) } },
	{ operation: 'doctor', input: () => ({}), expected: { healthy: true } },
];
