import { InvalidInput, messageOf } from './errors';

/** Reads JSON that a person wrote; what is wrong with it is told in words. */
export function readJson(text: string, field: string, code: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new InvalidInput(`${field}: Expected valid JSON, got a text that ${faultOf(text, messageOf(cause))}`, { field, code, cause });
	}
}

/** JavaScript tells a character, or a place, or that it came to the end. */
function faultOf(text: string, said: string): string {
	if (/end of JSON|Unterminated/.test(said)) return 'breaks off. Look for a missing quote or bracket at its end';
	const advice = 'Look for a missing quote, comma or bracket there';
	const at = / position (\d+)/.exec(said)?.[1];
	if (at === undefined) return `is wrong at ${/token '(.+?)'/.exec(said)?.[1] ?? 'some character'}. ${advice}`;
	const before = text.slice(0, Number(at)).split('\n');
	return `is wrong in line ${before.length} after ${JSON.stringify(before.at(-1)?.trim().slice(-20))}. ${advice}`;
}

/** The value of a JSON text; undefined for any other text. */
export function jsonIn(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
