import type { Step } from '../stage';
import { agent } from './agent';
import { binaryModes } from './binary-modes';
import { canvas } from './canvas';
import { consoleErrors } from './console-errors';
import { credentials } from './credentials';
import { forms } from './forms';
import { nodePanel } from './node-panel';
import { operations } from './operations';
import { stopButton } from './stop-button';
import { suspend } from './suspend';
import { templateRuns } from './template-runs';
import { templates } from './templates';
import { videoForm } from './video-form';

/** In this order: what needs no server comes first, then pictures of an n8n without credentials, which it would choose by itself; the look at the console comes last. */
export const steps: Step[] = [
	templates,
	suspend,
	binaryModes,
	canvas,
	nodePanel,
	forms,
	videoForm,
	credentials,
	templateRuns,
	agent,
	operations,
	stopButton,
	consoleErrors,
];
