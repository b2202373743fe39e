import { join } from 'node:path';
import { notOffered } from '../../src/capabilities';
import type { Speech } from '../../src/runtime';
import type { ModelStoreOptions } from '../models/store';
import type { Settings } from '../settings';
import { createDraftVoice } from './espeak/draft';
import type { Espeak } from './espeak';

/** All engines that speak and listen. What the models need is loaded with the first request for one. */
export function createSpeech(settings: Settings, espeak: Espeak): Speech {
	const offered = settings.AI_AGENT_TOOLS_CAPABILITIES;
	if (!offered.includes('speech')) return withoutSpeech(() => notOffered('speaking and transcribing', 'speech', offered));
	let loading: ReturnType<typeof loadModels> | undefined;
	const models = () =>
		(loading ??= loadModels(settings, espeak).catch((error: unknown) => {
			loading = undefined;
			throw error;
		}));
	return {
		draft: createDraftVoice(espeak),
		kokoro: async (request, job) => (await models()).kokoro(request, job),
		chatterbox: async (request, job) => (await models()).chatterbox(request, job),
		transcribe: async (request, job) => (await models()).transcribe(request, job),
	};
}

/** Operations on media may speak or listen on the way; here they cannot, and nothing is loaded for it. */
function withoutSpeech(reason: () => Error): Speech {
	const refuse = () => Promise.reject(reason());
	return { draft: refuse, kokoro: refuse, chatterbox: refuse, transcribe: refuse };
}

async function loadModels(settings: Settings, espeak: Espeak): Promise<Omit<Speech, 'draft'>> {
	const [{ createOnnx }, { createModelStore }, { createKokoro }, { createChatterbox }, { createWhisper }] = await Promise.all([
		import('./onnx/index.js'),
		import('../models/store.js'),
		import('./kokoro/index.js'),
		import('./chatterbox/index.js'),
		import('./whisper/index.js'),
	]);
	const onnx = createOnnx({ threads: settings.AI_AGENT_TOOLS_THREADS, maxResident: settings.AI_AGENT_TOOLS_MAX_MODELS });
	const store = createModelStore(storeOptions(settings));
	const seat = { onnx, store, device: settings.AI_AGENT_TOOLS_DEVICE };
	return { kokoro: createKokoro({ ...seat, espeak }), chatterbox: createChatterbox(seat), transcribe: createWhisper(seat) };
}

/** The models' folder is outside the package, whose own n8n replaces with every update. */
export const storeOptions = (settings: Settings): ModelStoreOptions => ({
	folder: settings.AI_AGENT_TOOLS_MODELS ?? join(settings.AI_AGENT_TOOLS_DATA, 'models'),
	offline: settings.AI_AGENT_TOOLS_OFFLINE,
	precision: settings.AI_AGENT_TOOLS_PRECISION,
});
