import { binary, type Mistake } from './mistake';

/** What happens to ffmpeg while it works; the one of the test is old, and fails in a way of its own for every format. */
export const withFfmpeg: readonly Mistake[] = [
	{
		what: 'a full disk',
		type: 'audioTools',
		parameters: { operation: 'convert_audio', audio: binary('data'), format: 'mp3' },
		files: { data: 'tone.wav' },
		message: 'The disk with the scratch folder is full. Free some space, or set AI_AGENT_TOOLS_SCRATCH to a folder on a larger disk',
		description: 'Trying again may help. Error code disk_full',
	},
	{
		what: 'an ffmpeg that somebody ends',
		type: 'audioTools',
		parameters: { operation: 'convert_audio', audio: binary('data'), format: 'flac' },
		files: { data: 'tone.wav' },
		message: 'ffmpeg was ended from outside (SIGKILL), probably because the machine ran out of memory. Make the job smaller, or give the machine more memory',
		description: 'Trying again may help. Error code ffmpeg_killed',
	},
	{
		what: 'an ffmpeg that fails',
		type: 'audioTools',
		parameters: { operation: 'convert_audio', audio: binary('data'), format: 'm4a' },
		files: { data: 'tone.wav' },
		message: 'ffmpeg failed (exit code 1): Error while encoding: Invalid argument. Look whether the inputs play; if they do, try a newer ffmpeg (FFMPEG_PATH)',
		description: 'Error code ffmpeg_failed',
	},
	{
		what: 'an ffmpeg that stands still',
		type: 'audioTools',
		parameters: { operation: 'convert_audio', audio: binary('data'), format: 'opus' },
		files: { data: 'tone.wav' },
		message: 'ffmpeg made no progress for 1 s and was stopped. Try again; on a slow machine or disk raise AI_AGENT_TOOLS_STALL_LIMIT',
		description: 'Trying again may help. Error code stalled',
	},
	{
		what: 'an ffmpeg that lacks a filter',
		type: 'videoTools',
		parameters: { operation: 'add_colorkey_overlay', video: binary('data'), overlay: binary('data'), color: 'green' },
		files: { data: 'plain.mp4' },
		message: 'Expected an ffmpeg with colorkey, got one without: {root}/ffmpeg (N-47683-g0e8eb07980-static). Install a full ffmpeg, or remove FFMPEG_PATH to use the bundled one, and start again',
		description: 'Error code ffmpeg_incapable',
	},
];
