/**
 * Points the font's first Microsoft map, which ends at U+FFFF, at its map of all planes. libass up to 0.17.1 looks
 * into the first one only and draws boxes for emoji that the font has. Changes `bytes`; returns whether it did.
 */
export function widenCharacterMaps(bytes: Uint8Array): boolean {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const isCollection = view.getUint32(0) === 0x74746366;
	const faces = isCollection ? Array.from({ length: view.getUint32(8) }, (_, index) => view.getUint32(12 + 4 * index)) : [0];
	return faces.map((face) => widen(view, face)).includes(true);
}

function widen(view: DataView, face: number): boolean {
	const entries = Array.from({ length: view.getUint16(face + 4) }, (_, index) => face + 12 + 16 * index);
	const entry = entries.find((at) => view.getUint32(at) === 0x636d6170);
	if (entry === undefined) return false;
	const cmap = view.getUint32(entry + 8);
	const records = Array.from({ length: view.getUint16(cmap + 2) }, (_, index) => {
		const at = cmap + 4 + 8 * index;
		return { at, platform: view.getUint16(at), encoding: view.getUint16(at + 2), offset: view.getUint32(at + 4) };
	});
	const narrow = records.find(({ platform, encoding }) => platform === 3 && encoding === 1);
	const wide = records.find(({ platform, offset }) => (platform === 3 || platform === 0) && view.getUint16(cmap + offset) === 12);
	if (!narrow || !wide || narrow.offset === wide.offset) return false;
	view.setUint32(narrow.at + 4, wide.offset);
	return true;
}
