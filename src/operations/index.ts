import type { Operation } from '../operation';
import { convertAudio } from './audio/convert-audio';
import { convertPcmToWav } from './audio/convert-pcm-to-wav';
import { getAudioInfo } from './audio/get-audio-info';
import { mixAudio } from './audio/mix-audio';
import { convertCaptions } from './captions/convert-captions';
import { makeImageImperfect } from './image/make-image-imperfect';
import { stitchImages } from './image/stitch-images';
import { generateChatterboxTts } from './speech/generate-chatterbox-tts';
import { generateDraftTts } from './speech/generate-draft-tts';
import { generateKokoroTts } from './speech/generate-kokoro-tts';
import { getKokoroVoices } from './speech/get-kokoro-voices';
import { transcribe } from './speech/transcribe';
import { deleteFile } from './storage/delete-file';
import { downloadFile } from './storage/download-file';
import { fileStatus } from './storage/file-status';
import { uploadFile } from './storage/upload-file';
import { describeOperation } from './utility/describe-operation';
import { doctor } from './utility/doctor';
import { getYoutubeTranscript } from './utility/get-youtube-transcript';
import { addCaptions } from './video/add-captions';
import { addColorkeyOverlay } from './video/add-colorkey-overlay';
import { extractFrame } from './video/extract-frame';
import { extractFrames } from './video/extract-frames';
import { generateCaptionedVideo } from './video/generate-captioned-video';
import { getVideoInfo } from './video/get-video-info';
import { listFonts } from './video/list-fonts';
import { mergeVideos } from './video/merge-videos';

/** Every operation, in the order in which nodes, lists and the reference show them. */
export const operations: readonly Operation[] = [
	generateKokoroTts,
	generateChatterboxTts,
	generateDraftTts,
	getKokoroVoices,
	transcribe,
	convertCaptions,
	getAudioInfo,
	convertAudio,
	mixAudio,
	convertPcmToWav,
	generateCaptionedVideo,
	addCaptions,
	mergeVideos,
	addColorkeyOverlay,
	extractFrame,
	extractFrames,
	getVideoInfo,
	listFonts,
	stitchImages,
	makeImageImperfect,
	uploadFile,
	downloadFile,
	deleteFile,
	fileStatus,
	getYoutubeTranscript,
	describeOperation,
	doctor,
];

const byName = new Map(operations.flatMap((operation) => [operation.name, ...(operation.aliases ?? [])].map((name) => [name, operation] as const)));

export const findOperation = (name: string) => byName.get(name);
