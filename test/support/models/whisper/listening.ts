import { GraphBuilder } from '../graph-builder';
import { types } from '../onnx-writer';
import { melFilters } from '../../../../src/speech/whisper/mel';
import { type CacheType, decoderInputs, frames, soundCache } from './encoder-cache';
import { mels, type TinyWhisper } from './files';
import { contextLength, idOf, size, timestampBegin } from './vocabulary';

/** Pitches that stand for the words, in Hz, and one that is music: loud, and not to be told from silence as speech. */
export const pitches = [400, 700, 1100, 1700, 2600, 4000] as const;
export const musicPitch = 7000;
/** Every half second is one word: 25 steps of the encoder. */
const slot = 25;
const slots = frames / slot;
const heads = 2;
const head = 4;

export interface ListeningOptions {
	/** Tokens that the pitches stand for. */
	words?: readonly string[];
	language?: string;
	/** Words that one window holds at most; where more is heard the tokens end with a pair of times, else with a single one. */
	mostWords?: number;
	/** Whether it hears a word of half a second where there is only silence, and always ends with a pair of times. */
	invents?: boolean;
	/** At this word a wrong token is a little likelier than the right one, and nothing is likely after it. */
	trapAt?: number;
	/** The attention is in the row whose input is the word, as Transformers.js reads it, not in the one that predicts it. */
	ownRow?: boolean;
	/** The first word of a window that is told what was said before is "Again", and everything is "test" when it is to be translated. */
	obeys?: boolean;
	/** Whether the decoder has the input `use_cache_branch`. */
	flag?: boolean;
	/** Whether the caches are of 16-bit floats. */
	half?: boolean;
	attention?: boolean;
	multilingual?: boolean;
}

/**
 * A Whisper that can be listened to: each half second of a pitch is one word, so that a transcript tells whether every part of a
 * sound was heard once, in order. It finds its place by the start token in its cache, which holds the ids it was fed.
 */
export function listeningWhisper(options: ListeningOptions = {}): TinyWhisper {
	const { multilingual = true } = options;
	return { encoder: encoder(), decoder: decoder(options), layers: 1, heads, width: heads * head, multilingual };
}

/** Of every second frame the mel values at the pitches. */
function encoder(): Buffer {
	const g = new GraphBuilder();
	const filters = melFilters(mels);
	const loudestBin = (pitch: number) => {
		const heights = filters.map(({ from, weights }) => weights[Math.round(pitch / 40) - from] ?? 0);
		return heights.indexOf(Math.max(...heights));
	};
	const bins = [...pitches, musicPitch].map(loudestBin);
	const picked = Float32Array.from({ length: mels * heads * head }, (_, i) => (bins[i % (heads * head)] === Math.floor(i / (heads * head)) ? 1 : 0));
	const turned = g.op('Transpose', [g.input('input_features', types.f32, ['batch', mels, 2 * frames])], { perm: [0, 2, 1] });
	const half = g.op('Slice', [turned, g.integers(0), g.integers(2 * frames), g.integers(1), g.integers(2)]);
	const heard = g.op('MatMul', [half, g.constant(types.f32, [mels, heads * head], picked)]);
	g.output('last_hidden_state', heard, types.f32, ['batch', frames, heads * head]);
	return g.done();
}

function decoder(options: ListeningOptions): Buffer {
	const { words = ['ĠHello', 'Ġbig', 'Ġworld', 'Ġone', 'Ġtwo', 'ĠAgain'], mostWords = slots, flag = false, half = false, attention = true, invents = false, multilingual = true } = options;
	const g = new GraphBuilder();
	const cacheType = half ? types.f16 : types.f32;
	const { ids, heard, past, length, unstarted } = decoderInputs(g, { layers: 1, heads, head, flag, cacheType });
	const batch = g.size(ids, 0);
	const steps = g.size(ids, 1);
	const split = g.cast(g.op('Transpose', [g.reshape(heard, batch, frames, heads, head)], { perm: [0, 2, 1, 3] }), cacheType);
	const [sound] = ['key', 'value'].map((kind) => soundCache(g, past(0, 'encoder', kind), { made: split, unstarted, cacheType, dims: ['batch', heads, 'sound', head] }));
	const tape = textCache(g, ids, past, cacheType);
	const hearing = listen(g, g.reshape(g.op('Transpose', [g.cast(sound!, types.f32)], { perm: [0, 2, 1, 3] }), batch, slots, slot, heads * head), { words, mostWords, invents });
	const place = placeInTranscript(g, tape, { length, steps });
	const opening = multilingual ? 3 : 1;
	const index = g.op('Sub', [place, g.integer(opening)]);
	const rows = logits(g, { index, place, ids, tape, opening, ...hearing }, options);
	g.output('logits', rows, types.f32, ['batch', 'steps', size]);
	if (attention) g.output('cross_attentions.0', bumps(g, index, { ...hearing, batch, steps, shift: options.ownRow ? 1 : 0 }), types.f32, ['batch', heads, 'steps', frames]);
	return g.done();
}

/** The decoder's cache is a tape of the ids that were fed. */
function textCache(g: GraphBuilder, ids: string, past: (layer: number, side: string, kind: string) => string, cacheType: CacheType): string {
	const fed = g.op('Unsqueeze', [g.cast(ids, cacheType), g.integers(1, 3)]);
	const wide = g.op('Expand', [fed, g.integers(1, heads, 1, head)]);
	const [tape] = ['key', 'value'].map((kind) => {
		const name = past(0, 'decoder', kind);
		const whole = g.op('Concat', [name, wide], { axis: 2 });
		g.output(name.replace('past_key_values', 'present'), whole, cacheType, ['batch', heads, 'text', head]);
		return whole;
	});
	return g.cast(g.reshape(g.slice(g.slice(tape!, 1, 0, 1), 3, 0, 1), g.size(tape!, 0), -1), types.f32);
}

/** For each fed row its distance from the start token, [batch, steps]. */
function placeInTranscript(g: GraphBuilder, tape: string, { length, steps }: { length: string; steps: string }): string {
	const isStart = g.cast(g.op('Equal', [tape, g.real(idOf('startoftranscript'))]), types.f32);
	const start = g.op('ArgMax', [isStart], { axis: 1, keepdims: 1 });
	const fed = g.op('Range', [length, g.op('Add', [length, steps]), g.integer(1)]);
	return g.op('Max', [g.op('Sub', [fed, start]), g.integer(0)]);
}

/** What is heard in the window: a token for every slot, the first that is loud, how many there are to say, whether more follows, whether it is music. */
function listen(g: GraphBuilder, heard: string, { words, mostWords, invents }: Required<Pick<ListeningOptions, 'words' | 'mostWords' | 'invents'>>) {
	const mean = g.op('ReduceMean', [heard], { axes: [2], keepdims: 0 });
	const voices = g.slice(mean, 2, 0, pitches.length);
	const tokens = g.op('Gather', [g.integers(...words.map(idOf)), g.op('ArgMax', [voices], { axis: 2, keepdims: 0 })]);
	const isLoud = g.op('Greater', [g.op('ReduceMax', [voices], { axes: [2], keepdims: 0 }), g.real(0.4)]);
	const loud = g.op('ReduceSum', [g.cast(isLoud, types.i64), g.integers(1)], { keepdims: 1 });
	const first = g.op('ArgMax', [g.cast(isLoud, types.f32)], { axis: 1, keepdims: 1 });
	const music = g.op('ReduceMax', [g.slice(mean, 2, pitches.length, pitches.length + 1)], { axes: [1, 2], keepdims: 0 });
	const isMusic = g.op('Greater', [g.reshape(music, -1, 1), g.real(0.4)]);
	const more = g.op('Greater', [loud, g.integer(mostWords)]);
	const count = g.op('Min', [invents ? g.op('Max', [loud, g.integer(1)]) : loud, g.integer(mostWords)]);
	return { tokens, first, count, more: invents ? g.op('GreaterOrEqual', [loud, g.integer(0)]) : more, isMusic };
}

interface Scene {
	/** Number of the word that a row predicts. */
	index: string;
	place: string;
	ids: string;
	tape: string;
	opening: number;
	tokens: string;
	first: string;
	count: string;
	more: string;
	isMusic: string;
}

function logits(g: GraphBuilder, scene: Scene, { language = 'en', trapAt, obeys = false }: ListeningOptions): string {
	const { index, count, place, isMusic, ids } = scene;
	const isSilent = g.op('Equal', [count, g.integer(0)]);
	const best = g.op('Where', [g.op('Less', [index, g.integer(0)]), openingToken(g, scene, language), spoken(g, scene, { isSilent, obeys })]);
	const onlyAtStart = g.op('And', [isSilent, g.op('Equal', [place, g.integer(0)])]);
	const nobody = oneHot(g, g.integers(idOf('nospeech')), 1);
	const silence = g.op('Mul', [g.op('Unsqueeze', [g.op('Where', [onlyAtStart, g.real(25), g.real(0)]), g.integers(2)]), nobody]);
	const flat = (rows: string, when: string) =>
		g.op('Mul', [rows, g.op('Unsqueeze', [g.op('Where', [when, g.real(0.02), g.real(1)]), g.integers(2)])]);
	const main = flat(oneHot(g, best, 20), g.op('And', [isMusic, isSilent]));
	if (trapAt === undefined) return g.op('Add', [main, silence]);
	const isTrap = g.op('Equal', [index, g.integer(trapAt)]);
	const trap = g.op('Mul', [g.op('Unsqueeze', [g.op('Where', [isTrap, g.real(20.2), g.real(0)]), g.integers(2)]), oneHot(g, g.integers(idOf('Ġtest')), 1)]);
	return g.op('Add', [flat(g.op('Add', [main, trap]), g.op('Equal', [ids, g.integer(idOf('Ġtest'))])), silence]);
}

const oneHot = (g: GraphBuilder, token: string, height: number) =>
	g.op('OneHot', [token, g.integer(size), g.constant(types.f32, [2], [0, height])]);

/** Language, task and the time of the first word, by the distance from the start token. */
function openingToken(g: GraphBuilder, { place, opening, first }: Scene, language: string): string {
	const told = [language, 'transcribe'].map(idOf).slice(0, opening - 1);
	const script = g.op('Gather', [g.integers(...told, ...new Array<number>(contextLength).fill(0)), place]);
	const start = g.op('Add', [g.op('Min', [g.op('Mul', [first, g.integer(slot)]), g.integer(50)]), g.integer(timestampBegin)]);
	return g.op('Where', [g.op('Less', [place, g.integer(opening - 1)]), script, start]);
}

/** The words, then the time of their end, a second time where more follows, then the end. */
function spoken(g: GraphBuilder, scene: Scene, { isSilent, obeys }: { isSilent: string; obeys: boolean }): string {
	const { index, tokens, first, count, more } = scene;
	const within = g.op('Min', [g.op('Max', [g.op('Add', [index, first]), g.integer(0)]), g.integer(slots - 1)]);
	const heard = g.op('GatherElements', [tokens, within], { axis: 1 });
	const word = obeys ? obedient(g, scene, heard) : heard;
	const time = g.op('Add', [g.op('Mul', [g.op('Add', [first, count]), g.integer(slot)]), g.integer(timestampBegin)]);
	const second = g.op('And', [more, g.op('Equal', [index, g.op('Add', [count, g.integer(1)])])]);
	const isTime = g.op('And', [g.op('Or', [g.op('Equal', [index, count]), second]), g.op('Not', [isSilent])]);
	const after = g.op('Where', [isTime, time, g.integer(idOf('endoftext'))]);
	return g.op('Where', [g.op('Less', [index, count]), word, after]);
}

/** What is said instead when the prompt tells what came before, or to translate. */
function obedient(g: GraphBuilder, { index, tape }: Scene, heard: string): string {
	const told = (token: string) => g.op('Greater', [g.op('ReduceSum', [g.cast(g.op('Equal', [tape, g.real(idOf(token))]), types.f32), g.integers(1)], { keepdims: 1 }), g.real(0)]);
	const opens = g.op('And', [told('startofprev'), g.op('Equal', [index, g.integer(0)])]);
	return g.op('Where', [told('translate'), g.integer(idOf('Ġtest')), g.op('Where', [opens, g.integer(idOf('ĠAgain')), heard])]);
}

/** Attention around the middle of the slot of each row's word. */
function bumps(g: GraphBuilder, index: string, { first, batch, steps, shift }: { first: string; batch: string; steps: string; shift: number }): string {
	const from = g.op('Add', [g.op('Max', [g.op('Sub', [index, g.integer(shift)]), g.integer(-1)]), first]);
	const middle = g.op('Add', [g.op('Mul', [g.cast(from, types.f32), g.real(slot)]), g.real((slot - 1) / 2)]);
	const column = g.constant(types.f32, [frames], Float32Array.from({ length: frames }, (_, i) => i));
	const distance = g.op('Div', [g.op('Sub', [column, g.op('Unsqueeze', [middle, g.integers(2)])]), g.real(8)]);
	const soft = g.op('Softmax', [g.op('Neg', [g.op('Mul', [distance, distance])])], { axis: -1 });
	return g.op('Expand', [g.op('Unsqueeze', [soft, g.integers(1)]), g.shape(batch, heads, steps, frames)]);
}
