import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { messageOf, ToolError } from '../src/errors';
import type { Doctor, Finding } from '../src/runtime';
import type { Espeak } from './engines/espeak';
import type { FfmpegEngine, FfmpegFacts } from './engines/ffmpeg';
import type { InstalledFonts } from './engines/fonts';
import { examineModels, examineOnnx } from './doctor-models';
import type { Settings } from './settings';

interface Patients {
	settings: Settings;
	ffmpeg: FfmpegEngine;
	fonts: InstalledFonts;
	espeak: Espeak;
}

type Examination = (signal: AbortSignal) => Promise<Omit<Finding, 'name'>>;

/** Examines the machine: everything a question for help would be answered with. */
export function createDoctor({ settings, ffmpeg, fonts, espeak }: Patients): Doctor {
	const examinations: Record<string, Examination> = {
		'Node.js': () => Promise.resolve({ status: 'ok', detail: `${process.version} on ${process.platform} ${process.arch}` }),
		'C library': () => Promise.resolve(cLibrary()),
		ffmpeg: async () => program((await ffmpeg.describe()).ffmpeg),
		ffprobe: async () => program((await ffmpeg.describe()).ffprobe),
		'ffmpeg filters': () => examineFilters(ffmpeg),
		fonts: () => examineFonts(fonts),
		...(settings.AI_AGENT_TOOLS_CAPABILITIES.includes('speech') && {
			'draft voice': (signal: AbortSignal) => examineVoice(espeak, signal),
			onnxruntime: () => examineOnnx(settings),
			models: () => examineModels(settings),
		}),
		'scratch folder': () => freeSpace(settings.AI_AGENT_TOOLS_SCRATCH),
		memory: () => Promise.resolve(memory()),
	};
	return {
		examine: (signal) => Promise.all(Object.entries(examinations).map(([name, examine]) => finding(name, examine, signal))),
	};
}

async function finding(name: string, examine: Examination, signal: AbortSignal): Promise<Finding> {
	try {
		return { name, ...(await examine(signal)) };
	} catch (error) {
		signal.throwIfAborted();
		return { name, status: 'missing', detail: messageOf(error) };
	}
}

async function examineVoice(espeak: Espeak, signal: AbortSignal): Promise<Omit<Finding, 'name'>> {
	const { ipa } = await espeak.phonemes('ready', 'en-us', signal);
	return { status: 'ok', detail: `eSpeak NG answers (/${ipa.replaceAll('_', '').trim()}/)` };
}

function program(found: FfmpegFacts['ffmpeg']): Omit<Finding, 'name'> {
	if (found instanceof ToolError) return { status: 'missing', detail: found.message };
	return { status: 'ok', detail: `${found.version} at ${found.path}` };
}

async function examineFilters(ffmpeg: FfmpegEngine): Promise<Omit<Finding, 'name'>> {
	const { missing, encoder } = await ffmpeg.describe();
	if (missing.length === 0) return { status: 'ok', detail: `all that is needed; videos are encoded with ${encoder}` };
	return { status: 'missing', detail: `without ${missing.join(', ')}`, repair: 'Remove FFMPEG_PATH to use the bundled ffmpeg, or install a full one' };
}

interface Header {
	header: { glibcVersionRuntime?: string };
}

function cLibrary(): Omit<Finding, 'name'> {
	const version = (process.report.getReport() as unknown as Header).header.glibcVersionRuntime;
	if (process.platform !== 'linux' || version !== undefined) return { status: 'ok', detail: version === undefined ? 'not Linux' : `glibc ${version}` };
	return {
		status: 'warning',
		detail: 'musl (Alpine): speech models cannot load in this process; ffmpeg operations and the draft voice work',
		repair: 'Run the speech models in the runtime container or on RunPod, or use an n8n on Debian',
	};
}

async function examineFonts(fonts: InstalledFonts): Promise<Omit<Finding, 'name'>> {
	const faces = await fonts.faces();
	const broken = await fonts.broken();
	const families = new Set(faces.map(({ family }) => family));
	const detail = `${families.size} families, ${faces.filter(({ bundled }) => bundled).length} faces bundled`;
	if (faces.length === 0) return { status: 'missing', detail, repair: 'Install the package again: its own fonts are gone' };
	return broken.length === 0 ? { status: 'ok', detail } : { status: 'warning', detail: `${detail}; could not read ${broken.map(({ path }) => path).join(', ')}` };
}

async function freeSpace(folder: string): Promise<Omit<Finding, 'name'>> {
	const { bavail, bsize } = await statfs(folder);
	const gigabytes = (bavail * bsize) / 1e9;
	const detail = `${folder}, ${gigabytes.toFixed(1)} GB free`;
	return gigabytes >= 1 ? { status: 'ok', detail } : { status: 'warning', detail, repair: 'Free some space, or set AI_AGENT_TOOLS_SCRATCH to a larger disk' };
}

function memory(): Omit<Finding, 'name'> {
	const detail = `${(freemem() / 1e9).toFixed(1)} of ${(totalmem() / 1e9).toFixed(1)} GB free`;
	return freemem() > 5e8 ? { status: 'ok', detail } : { status: 'warning', detail, repair: 'Videos need about 0.5 GB: give the container more memory' };
}
