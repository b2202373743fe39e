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

/** Of a union's alternatives, the one the input came closest to. */
function deepest(issue: Issue | undefined): Issue | undefined {
	if (issue?.code !== 'invalid_union') return issue;
	const [closest] = issue.errors
		.flatMap((alternative) => alternative.slice(0, 1))
		.sort((a, b) => b.path.length - a.path.length || Number(a.code === 'invalid_type') - Number(b.code === 'invalid_type'));
	return closest ? deepest({ ...closest, path: [...issue.path, ...closest.path] }) : issue;
}

function sentence(issue: Issue, came: unknown): string {
	if (came === undefined && issue.code === 'invalid_type') return 'is required but missing';
	const expected = expectation(issue);
	return expected.startsWith('Expected') || expected.startsWith('Unknown') ? `${expected}, got ${show(came)}` : expected;
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
			return 'discriminator' in issue ? 'Expected a known choice' : 'Expected another form';
		default:
			return issue.message;
	}
}

const article = (type: string) => (type === 'int' ? 'a whole number' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type === 'string' ? 'text' : type}`);
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
