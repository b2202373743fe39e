/** One stream of sound. */
export interface AudioTrack {
	index: number;
	codec: string;
	/** bit/s, null when the file does not say. */
	bitrate: number | null;
	sampleRate: number;
	channels: number;
	channelLayout: string;
	/** Seconds after the first stream. */
	start: number;
	/** Seconds of this stream, of the container when the stream does not say. */
	duration: number;
	/** Both together: how far into the file it lasts. */
	end: number;
	/** What must agree for joining without re-encoding. */
	profile: string;
	timeBase: string;
	extradataHash: string;
}

/** One stream of moving or still pictures. Width and height are as displayed: pixel aspect and rotation applied. */
export interface VideoTrack {
	index: number;
	codec: string;
	profile: string;
	level: number;
	bitrate: number | null;
	width: number;
	height: number;
	codedWidth: number;
	codedHeight: number;
	sampleAspectRatio: string;
	/** Degrees clockwise: 0, 90, 180, 270. */
	rotation: number;
	/** EXIF orientation 1 to 8, for pictures. */
	orientation: number;
	/** Exact, e.g. { num: 30000, den: 1001 }; the nearest standard rate for variable-rate video. */
	fps: Rational;
	variableFrameRate: boolean;
	/** Whether frames are stored in another order than they are shown in. */
	reordered: boolean;
	frameCount: number;
	/** Seconds after the first stream. */
	start: number;
	duration: number;
	/** Both together: how far into the file it lasts. */
	end: number;
	pixelFormat: string;
	bitDepth: number;
	hdr: boolean;
	colorRange: string;
	colorSpace: string;
	colorTransfer: string;
	colorPrimaries: string;
	timeBase: string;
	extradataHash: string;
}

export interface Rational {
	num: number;
	den: number;
}

/** What is in a file, found out once per job and kept. */
export interface Probe {
	/** Container name as ffprobe gives it, e.g. `mov,mp4,m4a,3gp,3g2,mj2`. */
	format: string;
	duration: number;
	size: number;
	bitrate: number | null;
	tags: Record<string, string>;
	/** First video stream that is no attached picture. */
	video: VideoTrack | null;
	audio: AudioTrack | null;
	streams: { index: number; type: string; codec: string; attachedPicture: boolean }[];
	/** A single picture (png, jpeg, webp, …) and not a video. */
	still: boolean;
}
