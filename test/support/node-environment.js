const { TestEnvironment } = require('jest-environment-node');

const shared = [
	Float32Array,
	Float64Array,
	BigInt64Array,
	BigUint64Array,
	Int8Array,
	Int16Array,
	Int32Array,
	Uint8ClampedArray,
	Uint16Array,
	Uint32Array,
	SharedArrayBuffer,
];

/**
 * Node as usual, but with the process's own typed arrays: onnxruntime's native half makes and checks those, and an array of the
 * test's realm would be a foreign one to it. A test file asks for it with a docblock, `@jest-environment ./test/support/node-environment.js`.
 */
module.exports = class extends TestEnvironment {
	constructor(config, context) {
		super(config, context);
		for (const type of shared) this.global[type.name] = type;
	}
};
