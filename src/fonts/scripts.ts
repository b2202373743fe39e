/** Letters that a font for the script must have; the names are Unicode's, and Emoji. */
const samples: Readonly<Record<string, string>> = {
	Latin: 'AZazÉßñøž',
	Greek: 'ΑΩαωή',
	Cyrillic: 'АЯажёї',
	Armenian: 'ԱՖաֆ',
	Georgian: 'აჰ',
	Hebrew: 'אבשת',
	Arabic: 'ابسيگپ',
	Devanagari: 'अकहाि्',
	Bengali: 'অকহা',
	Gurmukhi: 'ਅਕਹਾ',
	Gujarati: 'અકહા',
	Tamil: 'அகஹா',
	Telugu: 'అకహా',
	Kannada: 'ಅಕಹಾ',
	Malayalam: 'അകഹാ',
	Sinhala: 'අකහා',
	Thai: 'กฮาิ',
	Lao: 'ກຮາ',
	Khmer: 'កអា',
	Myanmar: 'ကအာ',
	Ethiopic: 'ሀፐ',
	Hangul: '가나한글힣',
	Hiragana: 'あんのを',
	Katakana: 'アンノヲ',
	Han: '的一人中国日本語',
	Emoji: '😀😂👍🎉',
};

/** The scripts whose sample letters are all covered. */
export const scriptsOf = (covers: (codePoint: number) => boolean): string[] =>
	Object.entries(samples).flatMap(([script, letters]) => (Array.from(letters).every((letter) => covers(letter.codePointAt(0) ?? 0)) ? [script] : []));
