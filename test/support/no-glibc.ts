/** What makes a process of Node take its machine for one with musl: its report has no version of glibc there. To be run before all else, with `--require`. */
export const noGlibcReport = `
const report = process.report.getReport.bind(process.report);
process.report.getReport = (...args) => {
	const answer = report(...args);
	delete answer.header.glibcVersionRuntime;
	return answer;
};
`;
