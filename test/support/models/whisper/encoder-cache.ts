import type { GraphBuilder } from '../graph-builder';
import { types } from '../onnx-writer';

export type CacheType = typeof types.f16 | typeof types.f32;

export const frames = 1500;

export interface DecoderShape {
	layers: number;
	heads: number;
	head: number;
	flag: boolean;
	cacheType: CacheType;
}

/** Inputs that every merged decoder has, and whether its cache was started: by the flag where it has one, else by what is in it. */
export function decoderInputs(g: GraphBuilder, { layers, heads, head, flag, cacheType }: DecoderShape) {
	const ids = g.input('input_ids', types.i64, ['batch', 'steps']);
	const heard = g.input('encoder_hidden_states', types.f32, ['batch', frames, heads * head]);
	const past = (layer: number, side: string, kind: string) => `past_key_values.${layer}.${side}.${kind}`;
	for (let layer = 0; layer < layers; layer++) {
		for (const side of ['decoder', 'encoder']) {
			for (const kind of ['key', 'value']) g.input(past(layer, side, kind), cacheType, ['batch', heads, `past_${side}`, head]);
		}
	}
	const length = g.size(past(0, 'decoder', 'key'), 2);
	const started = flag ? g.op('Squeeze', [g.cast(g.input('use_cache_branch', types.bool, [1]), types.i64)]) : g.op('Min', [length, g.integer(1)]);
	const unstarted = g.op('Mul', [g.op('Sub', [g.integer(1), started]), g.integer(frames)]);
	return { ids, heard, past, length, unstarted };
}

export interface SoundCache {
	made: string;
	unstarted: string;
	cacheType: CacheType;
	dims: readonly (number | string)[];
}

/** Keys or values made from the sound: new ones at the first step, from the cache later; later steps give nothing back, as real exports do. */
export function soundCache(g: GraphBuilder, name: string, { made, unstarted, cacheType, dims }: SoundCache): string {
	const used = g.op('Concat', [name, g.slice(made, 2, 0, unstarted)], { axis: 2 });
	g.output(name.replace('past_key_values', 'present'), g.slice(used, 2, 0, unstarted), cacheType, dims);
	return used;
}
