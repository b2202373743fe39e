/** Preloaded into a process by measure-footprint.ts: writes down every connection that it opens, and the bytes that came. */
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');

const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
	appendFileSync(process.env.COUNT_INTO, 'connection 0\n');
	this.once('close', () => appendFileSync(process.env.COUNT_INTO, `bytes ${this.bytesRead}\n`));
	return connect.apply(this, args);
};
