import type { Step } from '../stage';
import { canvas } from './canvas';
import { consoleErrors } from './console-errors';
import { credentials } from './credentials';
import { forms } from './forms';
import { nodePanel } from './node-panel';
import { stopButton } from './stop-button';
import { templates } from './templates';
import { videoForm } from './video-form';

/** In this order: what needs no server comes first, and the look at the console comes last. */
export const steps: Step[] = [templates, credentials, canvas, nodePanel, forms, videoForm, stopButton, consoleErrors];
