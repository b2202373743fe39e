import { executionFromLog, unflatten } from '../../../scripts/n8n/execution';

it('takes an execution out of the log lines around it', () => {
	const execution = { status: 'success', data: { resultData: { runData: { Start: [{ text: 'a line\n}\nand more' }] } } } };
	const log = ['Initializing n8n process', 'Execution was successful:', '====', JSON.stringify(execution, null, 2), 'Shutting down'].join('\n');
	expect(executionFromLog(log)).toEqual(execution);
});

it('shows the end of the log when there is no execution in it', () => {
	expect(() => executionFromLog('Initializing\nThe workflow "x" does not exist')).toThrow(/The workflow "x" does not exist/);
});

it('builds a stored execution from its flat table, once for each value however often it is used', () => {
	// What n8n 2.40.7 stores for { resultData: { items: [{ name: 'a', count: 2, none: null }, <the same>] } }.
	const flat = JSON.stringify([{ resultData: '1' }, { items: '2' }, ['3', '3'], { name: '4', count: 2, none: null }, 'a']);
	const value = unflatten(flat) as { resultData: { items: unknown[] } };
	expect(value).toEqual({ resultData: { items: [{ name: 'a', count: 2, none: null }, { name: 'a', count: 2, none: null }] } });
	expect(value.resultData.items[0]).toBe(value.resultData.items[1]);
});
