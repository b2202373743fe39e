/** A shorter one would blank every text it is part of, and protects nothing. */
const shortestSecret = 4;

/** Takes known secrets, signatures and passwords out of a text that people or logs will see. */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
	let clean = text
		.replace(/(https?:\/\/)[^\s/"'<>@]+@/g, '$1')
		.replace(/(https?:\/\/[^\s"'<>?]+)\?[^\s"'<>]*/g, '$1?…')
		.replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 …');
	for (const secret of secrets) if (secret && secret.length >= shortestSecret) clean = clean.replaceAll(secret, '…');
	return clean;
}
