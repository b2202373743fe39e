import { ToolError } from '../../src/errors';
import type { Espeak } from '../engines/espeak';
import type { FfmpegEngine, FfmpegFacts } from '../engines/ffmpeg';
import type { Program } from '../engines/ffmpeg/resolve';
import type { InstalledFonts } from '../engines/fonts';
import { packageFacts } from '../package-facts';
import type { Found } from './finding';

const sources: Record<Program['source'], string> = { setting: 'as set', PATH: 'found on PATH', bundled: 'of the package' };

export function program(found: FfmpegFacts['ffmpeg']): Found {
	if (found instanceof ToolError) return { status: 'missing', detail: found.message };
	return { status: 'ok', detail: `${found.version} at ${found.path} (${sources[found.source]})` };
}

export async function examineFilters(ffmpeg: FfmpegEngine): Promise<Found> {
	const { missing, encoder } = await ffmpeg.describe();
	if (missing.length === 0) return { status: 'ok', detail: `all that is needed; videos are encoded with ${encoder}` };
	return { status: 'missing', detail: `without ${missing.join(', ')}`, repair: 'Remove FFMPEG_PATH to use the bundled ffmpeg, or install a full one' };
}

export async function examineFonts(fonts: InstalledFonts): Promise<Found> {
	const faces = await fonts.faces();
	const broken = await fonts.broken();
	const families = new Set(faces.map(({ family }) => family));
	const detail = `${families.size} families, ${faces.filter(({ bundled }) => bundled).length} faces bundled`;
	if (faces.length === 0) return { status: 'missing', detail, repair: 'Install the package again: its own fonts are gone' };
	if (broken.length === 0) return { status: 'ok', detail };
	return { status: 'warning', detail: `${detail}; could not read ${broken.map(({ path }) => path).join(', ')}`, repair: 'Remove or replace these files; captions use the other fonts' };
}

export async function examineVoice(espeak: Espeak, signal: AbortSignal): Promise<Found> {
	const [{ ipa } = { ipa: '' }] = await espeak.phonemes(['ready'], 'en-us', signal);
	const { version } = packageFacts(require.resolve('@echogarden/espeak-ng-emscripten/package.json'));
	return { status: 'ok', detail: `eSpeak NG (build ${version}) answers /${ipa.replaceAll('_', '').trim()}/` };
}
