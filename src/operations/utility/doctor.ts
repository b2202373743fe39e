import { z } from 'zod/v4';
import { defineOperation } from '../../operation';

const finding = z.object({ name: z.string(), status: z.enum(['ok', 'warning', 'missing']), detail: z.string(), repair: z.string().optional() });

export const doctor = defineOperation({
	name: 'doctor',
	group: 'utility',
	title: 'Check Runtime',
	action: 'Check what this runtime can do',
	summary: 'Tell what works on the machine that runs the operations, and how to mend what does not',
	light: true,
	input: z.object({}),
	output: z.object({ healthy: z.boolean(), findings: z.array(finding) }),
	fields: {},
	example: {},
	async run(_, { doctor: examiner, signal }) {
		const findings = await examiner.examine(signal);
		return { healthy: findings.every(({ status }) => status !== 'missing'), findings };
	},
});
