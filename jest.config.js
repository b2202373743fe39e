/** Tests mirror the source path for path. What runs in a process of its own is tested from dist/, as users get it. */
module.exports = {
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	// RunPod's client comes as an ES module only.
	transformIgnorePatterns: ['/node_modules/(?!runpod-sdk/)'],
	transform: {
		'^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }],
		// Jest's own module loader cannot follow the import() that the built package loads its heavy parts with.
		'/dist/(nodes|gpu-runtime|src)/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
	},
	testEnvironment: 'node',
	testTimeout: 120_000,
	maxWorkers: 2,
};
