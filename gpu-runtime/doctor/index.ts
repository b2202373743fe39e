import { messageOf, ToolError } from '../../src/errors';
import type { Doctor, Finding } from '../../src/runtime';
import type { StorageConfig } from '../../src/storage/config';
import type { Espeak } from '../engines/espeak';
import type { FfmpegEngine } from '../engines/ffmpeg';
import type { InstalledFonts } from '../engines/fonts';
import { storeOptions } from '../engines/speech';
import type { Settings } from '../settings';
import { examineFilters, examineFonts, examineVoice, program } from './engines';
import type { Found } from './finding';
import { examineFolder } from './folders';
import { cLibrary, memory, nodeJs, ownPackage, processors } from './machine';
import { examineModels, examineOnnx } from './models';
import { examineSettings, examineStorage } from './settings';

interface Patients {
	settings: Settings;
	ffmpeg: FfmpegEngine;
	fonts: InstalledFonts;
	espeak: Espeak;
}

type Examination = (signal: AbortSignal) => Found | Promise<Found>;

/** Examines the machine: everything a question for help would be answered with. `lent` is storage for this job alone. */
export function createDoctor({ settings, ffmpeg, fonts, espeak }: Patients): { forJob(lent?: StorageConfig): Doctor } {
	const speech: Record<string, Examination> = {
		'draft voice': (signal) => examineVoice(espeak, signal),
		onnxruntime: () => examineOnnx(settings),
		models: () => examineModels(settings),
		'models folder': () => examineFolder(storeOptions(settings).folder, { space: 2e9, setting: 'AI_AGENT_TOOLS_MODELS', unwritable: 'warning', isKept: true }),
	};
	const examinations = (lent: StorageConfig | undefined): Record<string, Examination> => ({
		package: ownPackage,
		'Node.js': () => nodeJs(),
		'C library': cLibrary,
		processors: () => processors(settings.AI_AGENT_TOOLS_THREADS),
		memory: () => memory(),
		'scratch folder': () => examineFolder(settings.AI_AGENT_TOOLS_SCRATCH, { space: 1e9, setting: 'AI_AGENT_TOOLS_SCRATCH', unwritable: 'missing', isKept: false }),
		ffmpeg: async () => program((await ffmpeg.describe()).ffmpeg),
		ffprobe: async () => program((await ffmpeg.describe()).ffprobe),
		'ffmpeg filters': () => examineFilters(ffmpeg),
		fonts: () => examineFonts(fonts),
		...(settings.AI_AGENT_TOOLS_CAPABILITIES.includes('speech') && speech),
		storage: () => examineStorage(settings, lent),
		settings: () => examineSettings(settings),
	});
	return {
		forJob: (lent) => ({ examine: (signal) => Promise.all(Object.entries(examinations(lent)).map(([name, examine]) => finding(name, examine, signal))) }),
	};
}

async function finding(name: string, examine: Examination, signal: AbortSignal): Promise<Finding> {
	try {
		return { name, ...(await examine(signal)) };
	} catch (error) {
		signal.throwIfAborted();
		// Messages of our own say what to do.
		return { name, status: 'missing', detail: messageOf(error), ...(!(error instanceof ToolError) && { repair: 'Install the package again; where it stays so, report it with this table' }) };
	}
}
