import { whisperLanguage, whisperLanguages } from '../../../../src/speech/whisper/languages';

it('knows the hundred languages of Whisper', () => expect(Object.keys(whisperLanguages)).toHaveLength(100));

it('takes a code in any case, and those that Whisper has under another name', () => {
	expect(['EN', 'jv', 'nb', 'yue'].map(whisperLanguage)).toEqual(['en', 'jw', 'no', 'yue']);
});

it('does not know what is no language', () => {
	expect(['xx', 'english', 'constructor', ''].map(whisperLanguage)).toEqual([undefined, undefined, undefined, undefined]);
});
