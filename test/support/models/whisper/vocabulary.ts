import { tokenBytes } from '../../../../src/speech/whisper/bytes';

export const languages = ['en', 'fr', 'de', 'zh', 'ja'] as const;
export const timeTokens = 1501;
export const contextLength = 448;

/** Byte-level alphabet of GPT-2's tokenizers: printable bytes stand for themselves, the others move up above 255. */
const alphabet = () => {
	let moved = 256;
	const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
	return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : moved++));
};

export const words = ['ĠHello', 'Ġbig', 'Ġworld', 'Ġtest', 'ĠAgain', 'Ġone', 'Ġtwo', 'Ġcaf', 'Ġ(', 'Ġ"'];
const specials = ['endoftext', 'startoftranscript', ...languages, 'translate', 'transcribe', 'startoflm', 'startofprev', 'nospeech', 'notimestamps'];

/** A small vocabulary with every kind of token that the real ones have. */
export const vocab = new Map([...alphabet(), ...words].map((text, id) => [text, id]));
export const special = new Map(specials.map((name, i) => [name, vocab.size + i]));
export const timestampBegin = vocab.size + special.size;
export const size = timestampBegin + timeTokens;

export function idOf(name: string): number {
	const id = special.get(name) ?? vocab.get(name);
	if (id === undefined) throw new Error(`Expected a token of the tiny vocabulary, got ${name}`);
	return id;
}

export const idOfByte = (byte: number) => idOf(alphabet()[byte]!);

/** How the vocabulary spells the bytes of a text that has no tokens of its own. */
export const spellBytes = (text: string) => [...Buffer.from(text, 'utf8')].map((byte) => alphabet()[byte]!);

const spelled = new Map([...vocab].map(([text, id]) => [id, text]));
export const bytesOf = (token: number) => tokenBytes(spelled.get(token) ?? '');
