import type { Stage, Step } from '../stage';

/** What the editor complained about during all the steps before. */
export const consoleErrors: Step = {
	name: 'console-errors',
	async run({ editor }: Stage) {
		const { faults } = await editor();
		if (faults.length) throw new Error(`Expected no error in the browser's console, got\n${[...new Set(faults)].join('\n')}`);
		return 'none';
	},
};
