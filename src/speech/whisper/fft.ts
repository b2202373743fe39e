/** Writes the squared magnitudes of bins 0 to size / 2 of a real frame into `power`. */
export type PowerSpectrum = (frame: Float64Array, power: Float64Array) => void;

interface Stage {
	radix: number;
	/** Distance of the values that one butterfly combines, in units of `stride`. */
	groups: number;
	stride: number;
	/** cos and sin of every factor, in the order group, output, input. */
	cos: Float64Array;
	sin: Float64Array;
}

/**
 * Power spectrum of frames of one even length, with every factor computed beforehand: two real values make one complex value,
 * and a self-sorting mixed-radix transform of half the length does the work.
 */
export function powerSpectrum(size: number): PowerSpectrum {
	const half = size / 2;
	const stages = plan(half);
	let [re, im, nextRe, nextIm] = [0, 1, 2, 3].map(() => new Float64Array(half)) as [Float64Array, Float64Array, Float64Array, Float64Array];
	const cos = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos((-2 * Math.PI * k) / size));
	const sin = Float64Array.from({ length: half + 1 }, (_, k) => Math.sin((-2 * Math.PI * k) / size));
	return (frame, power) => {
		for (let i = 0; i < half; i++) {
			re[i] = frame[2 * i]!;
			im[i] = frame[2 * i + 1]!;
		}
		for (const stage of stages) {
			butterflies(stage, re, im, nextRe, nextIm);
			[re, im, nextRe, nextIm] = [nextRe, nextIm, re, im];
		}
		for (let k = 0; k <= half; k++) {
			const a = k % half;
			const b = (half - k) % half;
			const evenRe = (re[a]! + re[b]!) / 2;
			const evenIm = (im[a]! - im[b]!) / 2;
			const oddRe = (im[a]! + im[b]!) / 2;
			const oddIm = (re[b]! - re[a]!) / 2;
			const x = evenRe + oddRe * cos[k]! - oddIm * sin[k]!;
			const y = evenIm + oddRe * sin[k]! + oddIm * cos[k]!;
			power[k] = x * x + y * y;
		}
	};
}

function plan(size: number): Stage[] {
	const stages: Stage[] = [];
	let stride = 1;
	for (let rest = size; rest > 1; ) {
		const radix = [4, 2, 3, 5, 7].find((prime) => rest % prime === 0) ?? rest;
		const groups = rest / radix;
		const count = groups * radix * radix;
		const angle = (index: number) => {
			const group = Math.floor(index / (radix * radix));
			const output = Math.floor(index / radix) % radix;
			return -2 * Math.PI * output * ((index % radix) / radix + group / rest);
		};
		const cos = Float64Array.from({ length: count }, (_, i) => Math.cos(angle(i)));
		const sin = Float64Array.from({ length: count }, (_, i) => Math.sin(angle(i)));
		stages.push({ radix, groups, stride, cos, sin });
		rest = groups;
		stride *= radix;
	}
	return stages;
}

function butterflies({ radix, groups, stride, cos, sin }: Stage, re: Float64Array, im: Float64Array, outRe: Float64Array, outIm: Float64Array) {
	for (let group = 0; group < groups; group++) {
		for (let output = 0; output < radix; output++) {
			const factors = (group * radix + output) * radix;
			for (let q = 0; q < stride; q++) {
				let x = 0;
				let y = 0;
				for (let input = 0; input < radix; input++) {
					const from = q + stride * (group + groups * input);
					const c = cos[factors + input]!;
					const s = sin[factors + input]!;
					x += re[from]! * c - im[from]! * s;
					y += re[from]! * s + im[from]! * c;
				}
				outRe[q + stride * (radix * group + output)] = x;
				outIm[q + stride * (radix * group + output)] = y;
			}
		}
	}
}
