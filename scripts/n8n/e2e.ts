import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/errors';
import { namesOf } from '../only';
import { project, say } from './settings';
import { openStage, type Stage, type Step } from './stage';
import { steps } from './steps';

/**
 * `npm run e2e`: the package in a real n8n, first without a server, then in its editor. `-- --headless` leaves the editor out,
 * `-- --only forms,agent` runs some steps, `-- --package DIR` tries another built package.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			headless: { type: 'boolean', default: false },
			only: { type: 'string' },
			package: { type: 'string', default: project },
			pictures: { type: 'string', default: join(project, 'docs/pictures') },
		},
	});
	const offered = steps.filter(({ headless }) => headless || !values.headless);
	const names = namesOf(offered.map(({ name }) => name), values.only);
	const chosen = offered.filter(({ name }) => names.includes(name));
	const stage = await openStage(values.package, values.pictures);
	try {
		const failed = await playAll(chosen, stage);
		say(`${chosen.length - failed} passed, ${failed} failed`);
		process.exitCode = failed ? 1 : 0;
	} finally {
		await stage.close();
	}
}

/** Every step is tried, so that one run tells all that is wrong. */
async function playAll(chosen: Step[], stage: Stage): Promise<number> {
	let failed = 0;
	for (const step of chosen) {
		const started = Date.now();
		const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
		try {
			say(`✓ ${step.name}: ${await step.run(stage)} (${seconds()})`);
		} catch (error) {
			failed++;
			say(`✗ ${step.name}: ${messageOf(error)} (${seconds()})`);
		}
	}
	return failed;
}

main().catch((error: unknown) => {
	say(messageOf(error));
	process.exitCode = 1;
});
