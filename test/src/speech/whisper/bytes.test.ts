import { textOf, tokenBytes, wholeCharacters } from '../../../../src/speech/whisper/bytes';
import { bytesOf, idOf, idOfByte } from '../../../support/models/whisper/vocabulary';

const byteTokens = (text: string) => [...Buffer.from(text, 'utf8')].map(idOfByte);

it('a token stands for bytes, a space and control characters included', () => {
	expect(Buffer.from(tokenBytes('ĠHello')).toString()).toBe(' Hello');
	expect([...tokenBytes('Ċ')]).toEqual([10]);
	expect(tokenBytes('')).toHaveLength(0);
});

it('every byte has its own spelling', () => {
	expect(new Set(Array.from({ length: 256 }, (_, byte) => bytesOf(idOfByte(byte))[0])).size).toBe(256);
});

it.each(['é', '日本', '👍🏽 fine', 'naïve Œuvre'])('characters of %s that are split over tokens come together', (text) => {
	const pieces = wholeCharacters(byteTokens(text), bytesOf);
	expect(pieces.map((piece) => piece.text)).toEqual([...text]);
	expect(pieces.flatMap(({ tokens }) => tokens)).toEqual(byteTokens(text));
	expect(textOf(byteTokens(text), bytesOf)).toBe(text);
});

it('half a character at the end, or within, is shown as unreadable and takes nothing else with it', () => {
	const half = byteTokens('é').slice(0, 1);
	expect(wholeCharacters([...half, idOf('ĠHello')], bytesOf).map(({ text }) => text).join('')).toBe('\ufffd Hello');
	expect(wholeCharacters([idOf('ĠHello'), ...half], bytesOf).map(({ text }) => text)).toEqual([' Hello', '\ufffd']);
});
