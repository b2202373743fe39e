import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import type { Locator } from 'playwright-core';
import { type Box, type Editor, view } from '../browser';
import { type Form, formsOf, readDescriptions } from '../descriptions';
import type { Stage, Step } from '../stage';

/** Opens the form of every operation of every node, untouched and with everything in it, and takes their pictures. */
export const forms: Step = {
	name: 'forms',
	async run({ packageFolder, server, editor, pictures }: Stage) {
		await mkdir(join(pictures, 'forms'), { recursive: true });
		const all = formsOf(await readDescriptions(packageFolder));
		const { client } = await server();
		const browser = await editor();
		const { id } = await client.createWorkflow({ name: 'Every form', nodes: all.flatMap(({ node, unfolded }) => [node, unfolded]).map(placed), connections: {} });
		// High enough for the longest form: a picture shows only what is on the screen.
		await browser.page.setViewportSize({ ...view, height: 3200 });
		await browser.open(id);
		const faults: string[] = [];
		for (const form of all) faults.push(...(await look(form, browser, pictures)));
		await browser.page.setViewportSize(view);
		if (faults.length) throw new Error(faults.join('\n'));
		return `${all.length} opened`;
	},
};

const placed = (node: INode, index: number) => ({ ...node, position: [(index % 8) * 260, Math.floor(index / 8) * 200] as [number, number] });

async function look({ node, unfolded, labels, required, operation, description }: Form, { openForm, closeForm, picture }: Editor, pictures: string): Promise<string[]> {
	const file = (what: string) => join(pictures, 'forms', `${description.name.split('.').at(-1)}-${operation}${what}.png`);
	const whole = await openForm(unfolded.name);
	await picture(file('-unfolded'), await filledPart(whole));
	await closeForm();
	const form = await openForm(node.name);
	const text = await form.innerText();
	const red = await form.locator('.has-issues').evaluateAll((inputs) => inputs.map((input) => input.getAttribute('data-test-id')?.replace('parameter-input-', '') ?? ''));
	await picture(file(''), await filledPart(form));
	await closeForm();
	const where = `in the form of ${description.displayName}, ${operation}`;
	return [
		...labels.filter((label) => !text.includes(label)).map((label) => `Expected the label ${label} ${where}`),
		...red.filter((name) => !required.includes(name)).map((name) => `Expected nothing red ${where} before it is touched, got ${name}`),
	];
}

/** The column without the empty space under its last field. */
async function filledPart(form: Locator): Promise<Box | null> {
	const column = await form.boundingBox();
	const ends = await form.locator('[data-test-id^="parameter-input"], [data-test-id="collection-parameter-add"]').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
	return column && { ...column, height: Math.min(column.height, Math.max(200, ...ends) + 40 - column.y) };
}
