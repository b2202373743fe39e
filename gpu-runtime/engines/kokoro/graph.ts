import { OperationFailed } from '../../../src/errors';
import { styleWidth } from '../../../src/speech/kokoro-style';
import { f32, floats, i64, integers, type Model, type Socket, type Tensor } from '../onnx';

export interface Speaking {
	/** With a boundary at both ends. */
	ids: readonly number[];
	style: Float32Array;
	speed: number;
}

export interface Heard {
	/** 24 kHz, mono. */
	samples: Float32Array;
	/** One for each id; undefined where the export does not tell. */
	durations: number[] | undefined;
}

/** The graph's sockets by what they are for: exports differ in names and in the type of the speed. */
export function openGraph(model: Model): (request: Speaking) => Promise<Heard> {
	const input = (name: string, pattern: RegExp) => find(model.inputs, name, pattern);
	const ids = input('the letters', /^(input_ids|tokens)$/);
	const style = input('the style', /^style$/);
	const speed = input('the speed', /^speed$/);
	const waveform = find(model.outputs, 'the sound', /^(waveform|audio)$/);
	const durations = model.outputs.find(({ name }) => /^(pred_)?durations?$/.test(name));

	return async (request) => {
		const results = await model.run({
			[ids.name]: i64(request.ids, [1, request.ids.length]),
			[style.name]: f32(request.style, [1, styleWidth]),
			[speed.name]: speedTensor(speed, request.speed),
		});
		return {
			samples: floats(results[waveform.name], waveform.name),
			durations: durations && durationsOf(results[durations.name], durations.name),
		};
	};
}

function find(sockets: readonly Socket[], what: string, pattern: RegExp): Socket {
	const found = sockets.find(({ name }) => pattern.test(name));
	if (found !== undefined) return found;
	const names = sockets.map(({ name }) => name).join(', ');
	throw new OperationFailed(`Expected a Kokoro model with a socket for ${what}, got only ${names}. Download the model again`, { code: 'model_unsupported' });
}

/** Some exports take whole speeds only. */
function speedTensor({ type }: Socket, speed: number): Tensor {
	if (type === 'float32') return f32([speed], [1]);
	if (type === 'int64') return i64([Math.round(speed)], [1]);
	return { type: 'int32', data: Int32Array.of(Math.round(speed)), dims: [1] };
}

function durationsOf(tensor: Tensor | undefined, name: string): number[] {
	return tensor?.type === 'int64' || tensor?.type === 'int32' ? integers(tensor, name) : Array.from(floats(tensor, name));
}
