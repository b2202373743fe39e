/** Arabic numerals in a Chinese text as a reader says them. */

const digits = Array.from('零一二三四五六七八九');
const units = ['', '十', '百', '千'];
const groups = ['', '万', '亿', '万亿'];

/** Years digit by digit, percentages as 百分之, amounts as numbers; more than 16 digits, and phone numbers, digit by digit. `following` is the text behind. */
export function withChineseNumbers(text: string, following = ''): string {
	return text
		.replace(/[０-９]/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
		.replace(/(\d{4})(?=年)/gu, spelled)
		.replace(/^\d{4}$/u, (year) => (following.startsWith('年') ? spelled(year) : year))
		.replace(/(\d)[,，](?=\d{3}(?!\d))/gu, '$1')
		.replace(/(\d+(?:\.\d+)?)[%％]/gu, (_, number: string) => `百分之${decimal(number)}`)
		.replace(/\d+(?:\.\d+)?/gu, decimal);
}

function decimal(number: string): string {
	const [whole = '0', fraction] = number.split('.');
	return amount(whole) + (fraction === undefined ? '' : `点${spelled(fraction)}`);
}

const spelled = (number: string) => Array.from(number, (digit) => digits[Number(digit)]).join('');

function amount(number: string): string {
	if (number.length > 16 || /^0\d/u.test(number) || /^1\d{10}$/u.test(number)) return spelled(number);
	const parts: string[] = [];
	for (let end = number.length, group = 0; end > 0; end -= 4, group++) {
		const said = fourDigits(number.slice(Math.max(0, end - 4), end));
		if (said !== '') parts.unshift(`${said}${groups[group] ?? ''}`);
	}
	const whole = parts.join('').replace(/零+/gu, '零').replace(/^零|零$/gu, '').replace(/^一十/u, '十');
	return whole === '' ? '零' : whole;
}

/** A leading 零 says that higher places are empty: 一万零五. */
function fourDigits(part: string): string {
	let said = '';
	for (const [i, digit] of Array.from(part).entries()) {
		said += digit === '0' ? '零' : `${digits[Number(digit)]}${units[part.length - 1 - i]}`;
	}
	return said.replace(/零+/gu, '零').replace(/零$/u, '');
}
