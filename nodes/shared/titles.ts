import type { Field } from '../../src/fields';
import { isAdvanced, optionsTitle, variantTitle } from './properties';

/** Where the form shows an input field that an error names by its key, in the form's own titles: `style.stroke.size` is at `Caption Style › Stroke Size`. */
export interface Place {
	title: string;
	path: string;
}

/** Undefined for what is in no form. Engines name the field of a voice without what it is in. */
export function placeOf(key: string, fields: readonly Field[]): Place | undefined {
	const [first = '', ...inner] = key.split('.');
	const field = fields.find((one) => one.key === first);
	if (field) return placeIn(field, inner);
	const around = fields.find((one) => partsOf(one).some((part) => part.key === first));
	return around && placeIn(around, [first, ...inner]);
}

/** The form shows at most two levels: what lies deeper is laid flat. */
function placeIn(field: Field, inner: readonly string[]): Place {
	const title = lastTitle(field, inner);
	const isWhole = inner.length === 0 || !partsOf(field).some(({ key }) => key === inner[0]);
	const outer = isAdvanced(field) ? 'Options' : isWhole ? undefined : containerOf(field, inner[0]);
	return { title, path: outer === undefined ? title : `${outer} › ${title}` };
}

function lastTitle(field: Field, [key, ...rest]: readonly string[]): string {
	const part = partsOf(field).find((one) => one.key === key);
	if (part) return lastTitle(part, rest);
	return key !== undefined && /^\d+$/.test(key) ? `${field.words.label} (no. ${Number(key) + 1})` : field.words.label;
}

function containerOf(field: Field, key: string | undefined): string {
	if (field.kind === 'variants') {
		const [variant, other] = field.variants.filter(({ fields }) => fields.some((part) => part.key === key));
		// Which of several was chosen is not known here.
		return variant && !other ? variantTitle(variant.name) : field.words.label;
	}
	return field.kind === 'object' ? field.words.label : optionsTitle(field);
}

function partsOf(field: Field): readonly Field[] {
	if (field.kind === 'variants') return field.variants.flatMap(({ fields }) => fields);
	return 'fields' in field ? field.fields : [];
}
