import type { Rational } from '../probe';

/** Frame rates that players and broadcasters know. */
export const standardRates: readonly Rational[] = [
	{ num: 24000, den: 1001 },
	{ num: 24, den: 1 },
	{ num: 25, den: 1 },
	{ num: 30000, den: 1001 },
	{ num: 30, den: 1 },
	{ num: 50, den: 1 },
	{ num: 60000, den: 1001 },
	{ num: 60, den: 1 },
];

export const toNumber = ({ num, den }: Rational) => num / den;

/** As ffmpeg reads it, e.g. `30000/1001`. */
export const printRational = ({ num, den }: Rational) => `${num}/${den}`;

/** Reads `30000/1001`, `1:1` or `25`; undefined for what is no positive rational, such as `0/0`. */
export function parseRational(text: string | undefined): Rational | undefined {
	const parts = /^(\d+)(?:[/:](\d+))?$/.exec(text ?? '');
	if (parts === null) return undefined;
	const [num, den] = [Number(parts[1]), Number(parts[2] ?? 1)];
	return num > 0 && den > 0 ? { num, den } : undefined;
}

/** How far apart two rates are, as a part of the second. */
const distance = (one: Rational, other: Rational) => Math.abs(toNumber(one) / toNumber(other) - 1);

export function nearestStandard(rate: Rational): Rational {
	return standardRates.reduce((best, standard) => (distance(standard, rate) < distance(best, rate) ? standard : best));
}

/** The rate of a stream from its average and its real base rate: they differ where frames come at uneven times. */
export function frameRate(average: Rational | undefined, base: Rational | undefined): { fps: Rational; variable: boolean } | undefined {
	const rate = average ?? base;
	if (rate === undefined) return undefined;
	const variable = average !== undefined && base !== undefined && distance(average, base) > 0.01;
	const standard = nearestStandard(rate);
	// Containers round times, so that 30 becomes 19001/633; small a difference is no other rate.
	return { fps: variable || distance(rate, standard) < 0.0004 ? standard : rate, variable };
}

/** A rate given as a number, e.g. 29.97, exactly: the standard one if it means one. */
export function rationalOf(fps: number): Rational {
	const standard = standardRates.find((rate) => Math.abs(toNumber(rate) - fps) < 0.005);
	if (standard !== undefined) return standard;
	const num = Math.round(fps * 1000);
	const common = greatestCommonDivisor(num, 1000);
	return { num: num / common, den: 1000 / common };
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
