import { startS3 } from '../test/support/s3';

/** S3 for bench/large-files.ts, in a process of its own: it would grow the one that is measured. Tells its config to its parent and ends with it. */
void startS3().then((s3) => {
	process.once('disconnect', () => void s3.close());
	process.send?.(s3.config());
});
