import { toWireError } from '../../src/errors';
import { readRequest } from '../../src/execute';

const read = (input: { operation: string } & Record<string, unknown>) => {
	const { operation, ...fields } = input;
	const request = readRequest(operation, fields, { allowFiles: false });
	return { operation: request.operation.name, input: request.input };
};
const failure = (input: Parameters<typeof read>[0]) => {
	try {
		read(input);
	} catch (error) {
		return toWireError(error);
	}
	throw new Error('Expected a failure');
};
const at = (name: string) => `https://example.com/${name}`;

/** The request examples and documented parameters of the older service, as they stand, and what they mean. */
const examples: [wire: Parameters<typeof read>[0], operation: string, input: object][] = [
	[{ handler: 'tts', operation: 'generate_kokoro_tts', parameters: { text: 'Hello.', voice: 'af_heart', speed: 1.0, lang_code: 'a' } }, 'generate_kokoro_tts', { text: 'Hello.', voice: 'af_heart', speed: 1, language: 'a' }],
	[
		{ handler: 'tts', operation: 'generate_chatterbox_tts', parameters: { text: 'A test.', sample_audio_url: at('sample.wav'), exaggeration: 0.6, cfg_weight: 0.7, temperature: 0.8, chunk_chars: 512, chunk_silence_ms: 350 } },
		'generate_chatterbox_tts',
		{ text: 'A test.', sampleAudio: { url: at('sample.wav') }, exaggeration: 0.6, cfgWeight: 0.7, temperature: 0.8, chunkCharacters: 512, chunkSilence: 0.35 },
	],
	[{ handler: 'tts', operation: 'get_kokoro_voices', parameters: { lang_code: 'en' } }, 'get_kokoro_voices', { language: 'en' }],
	[{ operation: 'get_kokoro_voices', parameters: {} }, 'get_kokoro_voices', {}],
	[{ handler: 'audio', operation: 'transcribe', parameters: { audio_url: at('audio.wav'), language: 'en' } }, 'transcribe', { audio: { url: at('audio.wav') }, language: 'en' }],
	[{ operation: 'transcribe', parameters: { audio_url: at('audio.wav'), model: 'base' } }, 'transcribe', { audio: { url: at('audio.wav') }, model: 'base' }],
	[
		{ handler: 'video', operation: 'generate_captioned_video', parameters: { background_id: 'image/background123.jpg', text: 'A test.', width: 1080, height: 1920, kokoro_voice: 'am_adam', kokoro_speed: 1.2, image_effect: 'pan' } },
		'generate_captioned_video',
		{ background: { key: 'image/background123.jpg' }, text: 'A test.', width: 1080, height: 1920, speech: { engine: 'kokoro', voice: 'am_adam', speed: 1.2 }, effect: 'pan' },
	],
	[{ operation: 'generate_captioned_video', parameters: { background_id: 'a.jpg', audio_id: 'audio/a.mp3' } }, 'generate_captioned_video', { background: { key: 'a.jpg' }, audio: { key: 'audio/a.mp3' } }],
	[
		{ operation: 'generate_captioned_video', parameters: { video_url: at('a.mp4'), captions: [{ text: 'Hi', start: 0, end: 1 }], font_size: 24, font_color: 'white' } },
		'add_captions',
		{ video: { url: at('a.mp4') }, captions: [{ text: 'Hi', start: 0, end: 1 }], style: { fontSize: 24, color: 'white' } },
	],
	[{ operation: 'merge_videos', parameters: { video_urls: [at('video1.mp4'), at('video2.mp4')] } }, 'merge_videos', { videos: [{ url: at('video1.mp4') }, { url: at('video2.mp4') }] }],
	[
		{ handler: 'video', operation: 'merge_videos', parameters: { video_ids: ['video/clip1.mp4', 'video/clip2.mp4'], background_music_id: 'audio/music.mp3', background_music_volume: 0.3 } },
		'merge_videos',
		{ videos: [{ key: 'video/clip1.mp4' }, { key: 'video/clip2.mp4' }], backgroundMusic: { key: 'audio/music.mp3' }, backgroundMusicVolume: 0.3 },
	],
	[{ operation: 'merge_videos', video_ids: 'a.mp4, b.mp4' }, 'merge_videos', { videos: [{ key: 'a.mp4' }, { key: 'b.mp4' }] }],
	[
		{ handler: 'video', operation: 'add_colorkey_overlay', parameters: { video_id: 'video/base.mp4', overlay_video_id: 'video/overlay.mp4', color: 'green', similarity: 0.15, blend: 0.05 } },
		'add_colorkey_overlay',
		{ video: { key: 'video/base.mp4' }, overlay: { key: 'video/overlay.mp4' }, color: 'green', similarity: 0.15, blend: 0.05 },
	],
	[
		{ operation: 'add_colorkey_overlay', parameters: { base_video_url: at('a.mp4'), overlay_video_url: at('b.mp4'), color_key: '#00FF00' } },
		'add_colorkey_overlay',
		{ video: { url: at('a.mp4') }, overlay: { url: at('b.mp4') }, color: '#00FF00' },
	],
	[{ operation: 'extract_frame', parameters: { video_url: at('a.mp4'), timestamp: 2.5 } }, 'extract_frame', { video: { url: at('a.mp4') }, timestamp: 2.5 }],
	[{ operation: 'extract_frame_from_url', parameters: { video_url: at('a.mp4'), timestamp: 0 } }, 'extract_frame', { video: { url: at('a.mp4') }, timestamp: 0 }],
	[{ operation: 'extract_frames', url: at('a.mp4'), amount: 3, stitch: true }, 'extract_frames', { video: { url: at('a.mp4') }, amount: 3, stitch: true }],
	[{ operation: 'get_video_info', parameters: { video_url: at('a.mp4') } }, 'get_video_info', { video: { url: at('a.mp4') } }],
	[{ operation: 'get_audio_info', parameters: { audio_url: at('a.mp3') } }, 'get_audio_info', { audio: { url: at('a.mp3') } }],
	[{ handler: 'storage', operation: 'upload', parameters: { media_type: 'image', file_data: 'data:image/png;base64,iVBORw0K' } }, 'upload_file', { file: { base64: 'data:image/png;base64,iVBORw0K' }, createLink: true }],
	[{ handler: 'storage', operation: 'upload', parameters: { media_type: 'image', url: at('image.jpg') } }, 'upload_file', { file: { url: at('image.jpg') }, createLink: true }],
	[{ operation: 'upload_file', parameters: { file_url: at('a.bin'), storage_key: 'files/a.bin' } }, 'upload_file', { file: { url: at('a.bin') }, key: 'files/a.bin' }],
	[{ handler: 'storage', operation: 'download', parameters: { file_id: 'image/abc.jpg' } }, 'download_file', { key: 'image/abc.jpg', give: 'link' }],
	[{ handler: 'storage', operation: 'delete', parameters: { file_id: 'image/abc.jpg' } }, 'delete_file', { key: 'image/abc.jpg' }],
	[{ handler: 'storage', operation: 'status', parameters: { file_id: 'image/abc.jpg' } }, 'file_status', { key: 'image/abc.jpg' }],
	[{ operation: 'file_status', parameters: { storage_key: 'test-file.txt' } }, 'file_status', { key: 'test-file.txt' }],
	[{ operation: 'list_fonts', parameters: {} }, 'list_fonts', {}],
	[{ operation: 'stitch_images', image_urls: `${at('a.png')},${at('b.png')}`, max_width: 800 }, 'stitch_images', { images: [{ url: at('a.png') }, { url: at('b.png') }], maxWidth: 800 }],
	[{ operation: 'make_image_imperfect', image_id: 'a.png', enhance_color: 1.1, enhance_contrast: 0.9, noise_strength: 10 }, 'make_image_imperfect', { image: { key: 'a.png' }, color: 1.1, contrast: 0.9, noise: 10 }],
	[{ operation: 'convert_pcm_to_wav', pcm_id: 'a.pcm', sample_rate: 24_000, target_sample_rate: 44_100 }, 'convert_pcm_to_wav', { pcm: { key: 'a.pcm' }, sampleRate: 24_000, targetSampleRate: 44_100 }],
];

it.each(examples)('an older request means what it meant: %j', (wire, operation, input) => {
	expect(read(wire)).toMatchObject({ operation, input });
});

const flatStyle = {
	line_count: 2,
	line_max_length: 40,
	font_size: 90,
	font_name: 'Inter',
	font_bold: false,
	font_italic: true,
	font_color: '#ff0',
	subtitle_position: 'top',
	shadow_color: '#111',
	shadow_transparency: 0.4,
	shadow_blur: 3,
	stroke_color: '#222',
	stroke_size: 4,
};
const style = {
	lines: 2,
	lineLength: 40,
	fontSize: 90,
	font: 'Inter',
	bold: false,
	italic: true,
	color: '#ff0',
	position: 'top',
	shadow: { color: '#111', opacity: 0.6, blur: 3 },
	stroke: { color: '#222', size: 4 },
};
const prefixed = Object.fromEntries(Object.entries(flatStyle).map(([key, value]) => [`caption_config_${key}`, value]));

describe.each([
	['one by one', prefixed],
	['together', { caption_config: flatStyle }],
	['without a prefix', flatStyle],
])('the older caption style, given %s,', (_, fields) => {
	it('is the style of a new video', () => {
		expect(read({ operation: 'generate_captioned_video', background_id: 'a.jpg', text: 'Hi', ...fields }).input).toMatchObject({ captions: style });
	});

	it('is the style of captions added to a video', () => {
		expect(read({ operation: 'generate_captioned_video', video_url: at('a.mp4'), captions: [{ text: 'Hi', start_ts: 0, end_ts: 1 }], ...fields }).input).toMatchObject({ style });
	});
});

it('half a shadow keeps the defaults of the other half', () => {
	expect(read({ operation: 'add_captions', video_url: at('a.mp4'), caption_config_shadow_color: '#123' }).input).toMatchObject({ style: { shadow: { color: '#123', opacity: 0.4, blur: 10 } } });
});

it('the newer spelling keeps its own defaults', () => {
	expect(read({ operation: 'download_file', key: 'a.jpg' }).input).toMatchObject({ give: 'file' });
	expect(read({ operation: 'upload_file', file: { url: at('a.jpg') } }).input).toMatchObject({ createLink: false });
});

it.each([
	[{ operation: 'upload', parameters: { url: at('a.jpg'), color: 'red' } }, 'color'],
	[{ operation: 'transcribe', parameters: { audio_url: at('a.wav'), media_type: 'audio' } }, 'media_type'],
	[{ operation: 'generate_captioned_video', parameters: { background_id: 'a.jpg', text: 'Hi', caption_config: { font_sise: 3 } } }, 'captions.font_sise'],
	[{ operation: 'add_colorkey_overlay', parameters: { video_id: 'a', overlay_video_id: 'b', font_color: 'red' } }, 'font_color'],
	[{ operation: 'get_video_info', parameters: 'a.mp4' }, 'parameters'],
])('an unknown field is refused in the older spelling, too: %j', (wire, field) => {
	expect(failure(wire)).toMatchObject({ type: 'InvalidInput', field });
});

it('a transparency that is no number is told of as it came', () => {
	expect(failure({ operation: 'add_captions', video_url: at('a.mp4'), shadow_transparency: 'half' }).message).toContain('"half"');
});
