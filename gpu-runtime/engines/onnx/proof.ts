import { messageOf } from '../../../src/errors';
import { whyCudaFails, type Library } from './library';
import type { Provider, Verdict } from './types';

/** A convolution of 3 values with the kernel [1, 1]; on CUDA it needs cuDNN, as the real models do. A test writes it anew and compares. */
export const proofModel = Buffer.from(
	'CAgSCXN5bnRoZXRpYzppChcKAXgKAXcSAXkaBkNvbnZfeSIEQ29udhIFZ3JhcGgqFQgBCAEIAhABQgF3SggAAIA/AACAP1oXCgF4EhIKEAgBEgwKAggBCgIIAQoCCANiFwoBeRISChAIARIMCgIIAQoCCAEKAggCQgQKABAR',
	'base64',
);

/** What a build lists as supported proves nothing: only a model that ran does, with no way back to the CPU. */
export async function prove(library: Library, provider: Provider): Promise<Verdict> {
	const extra = provider === 'cpu' ? {} : { session: { disable_cpu_ep_fallback: '1' } };
	try {
		const session = await library.InferenceSession.create(proofModel, { executionProviders: [provider], extra });
		const { y } = await session.run({ x: new library.Tensor('float32', [1, 2, 3], [1, 1, 3]) });
		await session.release();
		const got = String(y?.data);
		return got === '3,5' ? { works: true } : { works: false, reason: `a tiny model gave ${got} instead of 3,5` };
	} catch (error) {
		const said = messageOf(error);
		return { works: false, reason: provider === 'cuda' ? whyCudaFails(said) : said };
	}
}
