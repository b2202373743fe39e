export interface Request {
	operation: string;
	/** The field that holds the file, dotted. */
	field: string;
	input: Record<string, unknown>;
}

export interface Companions {
	video: string;
	sound: string;
	picture: string;
}

const captions = '1\n00:00:00,100 --> 00:00:00,900\nHello brave new world.\n';

/** Every place where an operation takes a media file, with one file in it, sound ones beside it, and the lightest settings. */
export function requestsWith(path: string, good: Companions): Request[] {
	const file = { file: path };
	const [video, sound, picture] = [{ file: good.video }, { file: good.sound }, { file: good.picture }];
	const small = { width: 64, height: 64, quality: 'draft', effect: 'none', captions: false };
	const request = (operation: string, field: string, input: Record<string, unknown>): Request => ({ operation, field, input });
	return [
		request('get_video_info', 'video', { video: file }),
		request('get_audio_info', 'audio', { audio: file, measureLoudness: true }),
		request('extract_frame', 'video', { video: file, timestamp: 0.5, width: 64 }),
		request('extract_frames', 'video', { video: file, amount: 2 }),
		request('extract_frames', 'video', { video: file, amount: 2, stitch: true, maxWidth: 64 }),
		request('merge_videos', 'videos.0', { videos: [file, video], quality: 'draft', width: 64, height: 64 }),
		request('merge_videos', 'videos.1', { videos: [video, file], quality: 'draft' }),
		request('merge_videos', 'backgroundMusic', { videos: [video], backgroundMusic: file, quality: 'draft' }),
		request('add_colorkey_overlay', 'video', { video: file, overlay: picture, quality: 'draft' }),
		request('add_colorkey_overlay', 'overlay', { video, overlay: file, quality: 'draft' }),
		request('add_captions', 'video', { video: file, captions, quality: 'draft' }),
		request('generate_captioned_video', 'background', { background: file, audio: sound, ...small }),
		request('generate_captioned_video', 'audio', { background: picture, audio: file, ...small }),
		request('generate_captioned_video', 'backgroundMusic', { background: picture, audio: sound, backgroundMusic: file, ...small }),
		request('convert_audio', 'audio', { audio: file, format: 'wav' }),
		request('mix_audio', 'voice', { voice: file, music: sound, format: 'wav' }),
		request('mix_audio', 'music', { voice: sound, music: file, format: 'wav' }),
		request('stitch_images', 'images.1', { images: [picture, file], maxWidth: 64, maxHeight: 64 }),
		request('make_image_imperfect', 'image', { image: file, seed: 1 }),
	];
}

/** Takes any bytes for samples, so nothing but an odd number of them is wrong with a file. */
export const rawRequestWith = (path: string): Request => ({ operation: 'convert_pcm_to_wav', field: 'pcm', input: { pcm: { file: path } } });
