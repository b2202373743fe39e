import { binary, url, type Mistake } from './mistake';

/** What a machine lacks: its ffmpeg is not there, its ffprobe is another program, jobs end after a second, private addresses are refused. */
export const onTheMachine: readonly Mistake[] = [
	{
		what: 'no ffmpeg',
		type: 'audioTools',
		parameters: { operation: 'convert_pcm_to_wav', pcm: binary('data') },
		files: { data: 'tone.wav' },
		message: 'FFMPEG_PATH: Expected a working ffmpeg at /nowhere/ffmpeg: there is no such file. Correct the path or remove the setting, and start again',
		description: 'Error code ffmpeg_broken',
	},
	{
		what: 'a program that is no ffprobe',
		type: 'videoTools',
		parameters: { operation: 'get_video_info', video: binary('data') },
		files: { data: 'plain.mp4' },
		message: 'FFPROBE_PATH: Expected a working ffprobe at /bin/echo: asked for its version it said "-version". Correct the path or remove the setting, and start again',
		description: 'Error code ffprobe_broken',
	},
	{
		what: 'a link into the own network',
		type: 'audioTools',
		parameters: { operation: 'get_audio_info', audio: url('{web}/a.mp3') },
		message: 'Audio: Expected a public address, got {web}/a.mp3, which is in a private network (127.0.0.1). Set AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS=true on this runtime to allow such addresses',
		description: 'Look at Audio in this node. Error code private_address',
	},
	{
		what: 'a job that takes too long',
		type: 'speechTools',
		parameters: { operation: 'generate_draft_tts', text: '={{ "This goes on and on. ".repeat(8000) }}' },
		message: 'Expected the job to end within 1 s. Make it smaller, or raise AI_AGENT_TOOLS_TIME_LIMIT',
		description: 'Trying again may help. Error code timed_out',
	},
];
