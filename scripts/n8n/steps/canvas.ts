import { join } from 'node:path';
import type { Stage, Step } from '../stage';
import { readTemplates } from '../workflows';

/** Opens each template's canvas and takes its picture; a node that n8n does not know shows as a question mark. */
export const canvas: Step = {
	name: 'canvas',
	async run({ server, editor, pictures }: Stage) {
		const { client } = await server();
		const { open, page, picture } = await editor();
		const templates = await readTemplates();
		for (const template of templates) {
			const { id } = await client.createWorkflow(template);
			await open(id);
			await page.locator('[data-test-id="zoom-to-fit"]').click();
			await page.waitForTimeout(800);
			const seen = await page.locator('[data-node-name]').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-node-name')));
			const missing = template.nodes.filter(({ name }) => !seen.includes(name)).map(({ name }) => name);
			if (missing.length) throw new Error(`Expected ${missing.join(', ')} on the canvas of ${template.name}`);
			await picture(join(pictures, `template-${template.id}.png`), await page.locator('[data-test-id="canvas"]').first().boundingBox());
		}
		return `${templates.length} opened`;
	},
};
