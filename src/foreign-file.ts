const kinds: readonly (readonly [RegExp, string])[] = [
	[/^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b/i, 'it is a web page. Use the link that leads to the file itself, not to the page that shows it'],
	[/^%PDF-/, 'it is a PDF. Make pictures or text of it first'],
	[/^[\t\n\r\x20-\x7e\x80-\xff]+$/, 'it is a text. Look at what the step before gives: that may be an error in words'],
	[/^PK\W\W/, 'it is a ZIP archive or an Office document. Unpack it first'],
];

/** What a file that is no media is instead, and what to do, by its first bytes; undefined when they tell nothing. */
export function foreignKind(head: Uint8Array): string | undefined {
	const text = new TextDecoder('latin1').decode(head);
	return kinds.find(([pattern]) => pattern.test(text))?.[1];
}
