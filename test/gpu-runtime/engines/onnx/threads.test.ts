import { allowedThreads } from '../../../../gpu-runtime/engines/onnx/threads';

const files = (content: Record<string, string>) => (path: string) => content[path] ?? '';

it.each<[string, Record<string, string>, number]>([
	['all cores without a limit', {}, 8],
	['all cores when the limit is "max"', { '/sys/fs/cgroup/cpu.max': 'max 100000' }, 8],
	['the whole cores of a container of one core and a half', { '/sys/fs/cgroup/cpu.max': '150000 100000' }, 1],
	['at least one thread for half a core', { '/sys/fs/cgroup/cpu.max': '50000 100000' }, 1],
	['no more than there are cores', { '/sys/fs/cgroup/cpu.max': '1600000 100000' }, 8],
	[
		'the tightest limit of the groups above',
		{
			'/proc/self/cgroup': '0::/pod/child',
			'/sys/fs/cgroup/pod/child/cpu.max': '400000 100000',
			'/sys/fs/cgroup/pod/cpu.max': '300000 100000',
			'/sys/fs/cgroup/cpu.max': 'max 100000',
		},
		3,
	],
	['the quota of an older kernel', { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '200000', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' }, 2],
	['no quota of an older kernel', { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' }, 8],
])('takes %s', (_name, content, threads) => {
	expect(allowedThreads(8, files(content))).toBe(threads);
});
