import { OperationFailed } from '../../../src/errors';
import type { Library } from './library';
import { prove } from './proof';
import type { LoadRequest, Onnx, Provider, Verdict } from './types';

/** Which providers work here, each proved once, and which of them a request gets. */
export function createProviders(library: () => Promise<Library>): Pick<Onnx, 'verdict' | 'deviceFor'> {
	const verdicts = new Map<Provider, Promise<Verdict>>();

	function verdict(provider: Provider): Promise<Verdict> {
		const known = verdicts.get(provider) ?? library().then((loaded) => prove(loaded, provider));
		verdicts.set(provider, known);
		return known;
	}

	async function deviceFor({ device, warn }: Pick<LoadRequest, 'device' | 'warn'>): Promise<Provider> {
		if (device !== 'cpu') {
			const cuda = await verdict('cuda');
			if (cuda.works) return 'cuda';
			if (device === 'cuda') throw unavailable(`Expected device "cuda", but CUDA does not work here: ${cuda.reason}. ${waysToCuda}`);
			warn?.(`The model runs on the CPU, as CUDA does not work here: ${cuda.reason}`);
		}
		const cpu = await verdict('cpu');
		if (!cpu.works) throw unavailable(`Expected onnxruntime to run on the CPU, but a tiny model failed: ${cpu.reason}`);
		return 'cpu';
	}

	return { verdict, deviceFor };
}

const waysToCuda = 'Use the runtime image for CUDA on a machine with an NVIDIA driver, or device "cpu" or "auto".';

const unavailable = (message: string) => new OperationFailed(message, { code: 'provider_unavailable', field: 'device' });
