/** Byte-level BPE writes every byte as one printable character: most as themselves, the rest moved up above 255. */
const byteOf = new Map<string, number>();
for (let byte = 0, moved = 256; byte < 256; byte++) {
	const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
	byteOf.set(String.fromCharCode(printable ? byte : moved++), byte);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The bytes behind a token as the vocabulary spells it. */
export function tokenBytes(spelled: string): Uint8Array {
	const bytes = [...spelled].map((character) => byteOf.get(character));
	if (bytes.every((byte) => byte !== undefined)) return Uint8Array.from(bytes);
	return new TextEncoder().encode(spelled);
}

/** Some tokens that together spell whole characters. */
export interface Piece {
	text: string;
	tokens: number[];
}

/** Groups tokens so that no group ends within a character; bytes that are no UTF-8 become U+FFFD. */
export function wholeCharacters(tokens: readonly number[], bytesOf: (token: number) => Uint8Array): Piece[] {
	const pieces: Piece[] = [];
	let open: number[] = [];
	let bytes: number[] = [];
	for (const token of tokens) {
		open.push(token);
		bytes.push(...bytesOf(token));
		if (endsWithinCharacter(bytes)) continue;
		pieces.push({ text: utf8.decode(Uint8Array.from(bytes)), tokens: open });
		open = [];
		bytes = [];
	}
	if (open.length > 0) pieces.push({ text: utf8.decode(Uint8Array.from(bytes)), tokens: open });
	return pieces;
}

export const textOf = (tokens: readonly number[], bytesOf: (token: number) => Uint8Array) =>
	utf8.decode(Uint8Array.from(tokens.flatMap((token) => [...bytesOf(token)])));

function endsWithinCharacter(bytes: readonly number[]): boolean {
	for (let back = 1; back <= Math.min(3, bytes.length); back++) {
		const byte = bytes[bytes.length - back]!;
		if (byte < 0x80) return false;
		if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2);
	}
	return false;
}
