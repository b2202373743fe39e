import { messageOf } from '../../src/errors';
import { storeOptions } from '../engines/speech';
import { packageFacts } from '../package-facts';
import type { Settings } from '../settings';
import type { Found } from './finding';

/** Whether the speech models can run here and on what, proved with a tiny model. Loads onnxruntime. */
export async function examineOnnx({ AI_AGENT_TOOLS_DEVICE: device, AI_AGENT_TOOLS_THREADS: threads }: Settings): Promise<Found> {
	const { createOnnx } = await import('../engines/onnx/index.js');
	const { version } = packageFacts(require.resolve('onnxruntime-node/package.json'));
	const onnx = createOnnx({ threads });
	try {
		const [cpu, cuda] = [await onnx.verdict('cpu'), device === 'cpu' ? undefined : await onnx.verdict('cuda')];
		const said = [cpu.works ? 'CPU proved' : `CPU fails: ${cpu.reason}`, cuda && (cuda.works ? 'CUDA proved' : `no CUDA: ${cuda.reason}`)].filter(Boolean).join('; ');
		const detail = `${version}: ${said}`;
		if (!cpu.works) return { status: 'missing', detail, repair: 'Install the package again; where it stays so, run the models on another machine' };
		if (device === 'cuda' && !cuda?.works) return { status: 'missing', detail, repair: 'Use the runtime image for CUDA on a machine with an NVIDIA driver, or set AI_AGENT_TOOLS_DEVICE to auto' };
		return { status: 'ok', detail };
	} catch (error) {
		// ffmpeg operations and the draft voice do without it.
		return { status: 'warning', detail: `${version}: ${messageOf(error)}`, repair: 'Choose RunPod or Own Runtime for operations with a speech model' };
	} finally {
		await onnx.close();
	}
}

/** Which models are there, and which were only begun. Reads names and sizes, no content. */
export async function examineModels(settings: Settings): Promise<Found> {
	const { createModelStore } = await import('../models/store.js');
	const all = await createModelStore(storeOptions(settings)).list();
	const [there, absent] = [all.filter(({ size }) => size > 0), all.filter(({ size }) => size === 0).map(({ name }) => name)];
	const begun = there.filter(({ present }) => present.length === 0).map(({ name }) => name);
	const list = there.map(({ name, present, size }) => `${name} ${present.join('/') || 'unfinished'} (${Math.ceil(size / 1e6)} MB)`).join(', ');
	const detail = `${list || 'none yet'}; not here: ${absent.join(', ') || 'none'}`;
	if (begun.length > 0) return { status: 'warning', detail, repair: `Go on with "ai-agent-tools models download ${begun.join(' ')}"` };
	if (there.length === 0 && settings.AI_AGENT_TOOLS_OFFLINE)
		return { status: 'warning', detail, repair: 'AI_AGENT_TOOLS_OFFLINE is set: copy models into the models folder, or unset it to have them downloaded' };
	return { status: 'ok', detail: settings.AI_AGENT_TOOLS_OFFLINE ? detail : `${detail} (the first job that needs one downloads it)` };
}
