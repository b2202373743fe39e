import type { Finding } from '../../src/runtime';

const marks = { ok: 'ok     ', warning: 'warning', missing: 'MISSING' };
const nameWidth = 16;
/** Where the third column begins. */
const indent = marks.ok.length + 2 + nameWidth + 1;

/** The findings as a table of `width` columns, and what to do where there is something to do. */
export function doctorTable(findings: readonly Finding[], width: number): string {
	const rows = findings.map(({ name, status, detail, repair }) => {
		const lines = [...wrapped(detail, width - indent), ...(repair === undefined ? [] : wrapped(`→ ${repair}`, width - indent))];
		return lines.map((line, index) => (index === 0 ? `${marks[status]}  ${name.padEnd(nameWidth)} ` : ' '.repeat(indent)) + line).join('\n');
	});
	return `${[...rows, '', summary(findings)].join('\n')}\n`;
}

/** Lines of at most `width` letters; a longer word, such as a path, has one of its own. */
function wrapped(text: string, width: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(/\s+/)) {
		const line = lines.at(-1);
		if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
		else lines.push(word);
	}
	return lines;
}

function summary(findings: readonly Finding[]): string {
	const count = (wanted: Finding['status']) => findings.filter(({ status }) => status === wanted).length;
	const [missing, warnings] = [count('missing'), count('warning')];
	if (missing + warnings === 0) return 'All is well.';
	return `${missing} missing, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}: the arrows say what to do.`;
}
