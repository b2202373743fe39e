import type { z } from 'zod/v4';
import { InvalidInput } from './errors';

/** Turns what a schema found wrong into one sentence: field, what was expected, what came. */
export function explain(error: z.ZodError, input: unknown): InvalidInput {
	const issue = deepest(error.issues[0]);
	if (!issue) return new InvalidInput('Expected a valid request');
	const field = issue.path.join('.');
	const came = valueAt(input, issue.path);
	return new InvalidInput(`${field ? `${field}: ` : ''}${sentence(issue, came)}`, field ? { field } : {});
}

type Issue = z.core.$ZodIssue;

/** What zod says of a union that has no words of its own. */
const unsaid = 'Invalid input';

/** Of a union's alternatives, the one the input came closest to; the union itself where it came close to none and the union says what it expects. */
function deepest(issue: Issue | undefined): Issue | undefined {
	if (issue?.code !== 'invalid_union') return issue;
	const [closest] = issue.errors
		.flatMap((alternative) => alternative.slice(0, 1))
		.sort((a, b) => b.path.length - a.path.length || Number(isOfAnotherKind(a)) - Number(isOfAnotherKind(b)));
	if (!closest || (closest.path.length === 0 && issue.message !== unsaid)) return issue;
	return deepest({ ...closest, path: [...issue.path, ...closest.path] });
}

const isOfAnotherKind = ({ code }: Issue) => code === 'invalid_type' || code === 'invalid_value';

function sentence(issue: Issue, came: unknown): string {
	if (came === undefined && issue.code === 'invalid_type') return `Expected a value, got nothing. ${fillIn}`;
	if (came === '' && issue.code === 'too_small') return `Expected a text, got an empty one. ${fillIn}`;
	// A rule of our own tells all by itself.
	if (issue.code === 'custom') return issue.message;
	return `${expectation(issue)}, got ${show(came)}. ${advice(issue)}`;
}

const fillIn = 'Fill it in, or look at what should have filled it in';

const larger: Record<string, string> = { string: 'Write more', array: 'Add more' };
const smaller: Record<string, string> = { string: 'Make it shorter', array: 'Take fewer' };

function advice(issue: Issue): string {
	if (issue.code === 'invalid_value') return issue.values.length > 1 ? 'Choose one of them' : 'Enter that';
	if (issue.code === 'unrecognized_keys') return 'Look at the spelling';
	if (issue.code === 'too_small') return larger[issue.origin] ?? 'Enter a larger number';
	if (issue.code === 'too_big') return smaller[issue.origin] ?? 'Enter a smaller number';
	return 'Correct it, or look at what filled it in';
}

function expectation(issue: Issue): string {
	switch (issue.code) {
		case 'invalid_type':
			return `Expected ${article(issue.expected)}`;
		case 'invalid_value':
			return `Expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
		case 'too_small':
			return `Expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
		case 'too_big':
			return `Expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
		case 'unrecognized_keys':
			return `Unknown ${issue.keys.length > 1 ? 'fields' : 'field'} ${issue.keys.join(', ')}`;
		case 'invalid_union':
			return 'discriminator' in issue ? 'Expected a known choice' : issue.message === unsaid ? 'Expected another form' : issue.message;
		case 'invalid_format':
			return issue.format === 'url' ? 'Expected a web address (https://…)' : issue.message;
		default:
			return issue.message;
	}
}

const types: Record<string, string> = { int: 'a whole number', string: 'a text', array: 'a list', boolean: 'true or false' };
const article = (type: string) => types[type] ?? `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
const units: Record<string, readonly [one: string, more: string]> = { string: [' character', ' characters'], array: [' entry', ' entries'] };
const unit = (origin: string, count: number | bigint) => units[origin]?.[Number(count) === 1 ? 0 : 1] ?? '';

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key as string] : undefined), input);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A value in at most 60 characters; long texts by their length, so that no file or secret ends up in a message. */
export function show(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (typeof value === 'string' && value.length > 60) return `a text of ${value.length} characters`;
	if (Array.isArray(value)) return `a list of ${value.length}`;
	const text = isRecord(value) ? `an object with ${Object.keys(value).join(', ') || 'nothing in it'}` : JSON.stringify(value);
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
