import { createProgressBar, progressLine } from '../../../gpu-runtime/commands/progress-bar';

it('shows the share, the megabytes and what is being fetched', () => {
	expect(progressLine({ title: 'kokoro onnx/model.onnx', bytes: 97_700_000, total: 325_500_000 })).toBe(
		'[######--------------]  30 %  97.7 of 325.5 MB  kokoro onnx/model.onnx',
	);
	expect(progressLine({ title: 'file', bytes: 5, total: 5 })).toContain('[####################] 100 %');
	expect(progressLine({ title: 'file', bytes: 1_500_000, total: 0 })).toBe('1.5 MB  file');
});

it('draws over itself on a terminal, and covers what was longer', () => {
	const written: string[] = [];
	const bar = createProgressBar({ write: (text) => written.push(text), isTerminal: true });
	bar.show({ title: 'a long name', bytes: 0, total: 10 });
	bar.show({ title: 'short', bytes: 5, total: 10 });
	bar.show({ title: 'short', bytes: 5, total: 10 });
	bar.end();
	expect(written).toHaveLength(3);
	expect(written[1]).toHaveLength(written[0]!.length);
	expect(written[2]).toBe('\n');
});

it('writes a line for every tenth into a log', () => {
	const written: string[] = [];
	const bar = createProgressBar({ write: (text) => written.push(text), isTerminal: false });
	for (let bytes = 0; bytes <= 100; bytes++) bar.show({ title: 'file', bytes, total: 100 });
	bar.end();
	expect(written).toHaveLength(11);
	expect(written.every((line) => line.endsWith('\n'))).toBe(true);
});
