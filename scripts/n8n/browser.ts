import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { path as ffmpeg } from '@ffmpeg-installer/ffmpeg';
import { chromium, type Locator, type Page, type Request } from 'playwright-core';
import type { Server } from './server';
import { owner } from './settings';

/** n8n's editor in a browser that reaches nothing but this machine. */
export interface Editor {
	page: Page;
	/** Errors in the editor's scripts, errors it wrote into the console, and calls to n8n that failed. */
	faults: string[];
	/** Opens a workflow's canvas and waits until it stands still. */
	open(workflowId: string): Promise<void>;
	/** Opens a node's form by a double click, as a person does; gives back its column of parameters. */
	openForm(node: string): Promise<Locator>;
	closeForm(): Promise<void>;
	/** Saves what is seen, or a part of it, as a small PNG. */
	picture(path: string, part?: Box | null): Promise<void>;
	close(): Promise<void>;
}

export type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>;

export const view = { width: 1280, height: 800 };
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function openEditor({ url }: Server): Promise<Editor> {
	const profile = await mkdtemp(join(tmpdir(), 'n8n-browser-'));
	const browser = await chromium.launchPersistentContext(profile, {
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		headless: true,
		viewport: view,
		reducedMotion: 'reduce',
		args: quiet,
	});
	await browser.route('**/*', (route) => (isLocal(route.request()) ? route.continue() : route.abort()));
	// Logging in through the context's own client puts the cookie into the browser.
	await browser.request.post(`${url}/rest/login`, { data: { emailOrLdapLoginId: owner.email, password: owner.password } });
	const page = browser.pages()[0] ?? (await browser.newPage());
	const faults: string[] = [];
	page.setDefaultTimeout(120_000);
	// Leaving a canvas on which something was moved.
	page.on('dialog', (dialog) => void dialog.accept());
	page.on('pageerror', (error) => faults.push(error.message));
	page.on('response', (response) => {
		if (response.status() >= 400) faults.push(`${response.request().method()} ${new URL(response.url()).pathname} answered ${response.status()}`);
	});
	page.on('console', (message) => {
		if (message.type() === 'error' && !isFailedCall(message.text())) faults.push(message.text());
	});

	return {
		page,
		faults,
		async open(workflowId) {
			await page.goto(`${url}/workflow/${workflowId}`, { waitUntil: 'domcontentloaded' });
			await page.locator('[data-node-name]').first().waitFor();
			await settle(page);
		},
		async openForm(node) {
			await page.locator(`[data-node-name="${node}"]`).first().dblclick();
			const form = page.locator('[data-test-id="node-parameters"]').first();
			await form.waitFor();
			await settle(page);
			return form;
		},
		async closeForm() {
			await page.keyboard.press('Escape');
			await settle(page);
		},
		async picture(path, part) {
			const png = join(profile, 'picture.png');
			await page.screenshot({ path: png, animations: 'disabled', ...(part && { clip: part }) });
			await shrink(png, path);
		},
		async close() {
			await browser.close();
			await rm(profile, { recursive: true, force: true });
		},
	};
}

function isLocal(request: Request): boolean {
	const { protocol, hostname } = new URL(request.url());
	return ['data:', 'blob:'].includes(protocol) || hostname === '127.0.0.1';
}

/** The browser's own line about a call that failed: it does not say which, and calls to the internet are meant to. */
const isFailedCall = (text: string) => text.startsWith('Failed to load resource');

/** The editor draws in several steps and has no sign for being done. */
const settle = (page: Page) => page.waitForTimeout(1200);

/** A palette of 256 colours is enough for a form and makes a third of the bytes. */
const shrink = (from: string, to: string) =>
	promisify(execFile)(ffmpeg, ['-v', 'error', '-y', '-i', from, '-vf', 'split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=dither=none', to]);
