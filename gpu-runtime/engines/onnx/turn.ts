import { milliseconds } from '../../../src/vocabulary';
import type { Model, Provider, Turn } from './types';

/** One job's time on a device: holds what it loads and counts the seconds that loading and running took. */
export function openTurn(device: Provider, open: (path: string) => Promise<{ model: Model; give(): void }>): Turn & { end(): void } {
	const held: (() => void)[] = [];
	let loadSeconds = 0;
	let inferenceSeconds = 0;

	return {
		device,
		async load(path) {
			const { model, give } = await open(path);
			held.push(give);
			loadSeconds += model.loadSeconds;
			return {
				...model,
				async run(feeds) {
					const started = performance.now();
					const results = await model.run(feeds);
					inferenceSeconds += (performance.now() - started) / 1000;
					return results;
				},
			};
		},
		report: ({ name, model: { name: model, revision, precision }, audioSeconds }) => ({
			name,
			model,
			...(revision !== undefined && { revision }),
			precision,
			device,
			provider: device,
			loadSeconds: milliseconds(loadSeconds),
			inferenceSeconds: milliseconds(inferenceSeconds),
			realTimeFactor: audioSeconds > 0 ? milliseconds(inferenceSeconds / audioSeconds) : 0,
		}),
		end() {
			for (const give of held) give();
		},
	};
}
