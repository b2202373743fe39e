import { join } from 'node:path';
import { writeModels } from '../../test/support/models/tiny';
import { bucket, startS3 } from '../../test/support/s3';
import { startYouTube, zoo, zooVideo } from '../../test/support/youtube';

/** What a workflow needs beside n8n, here on this machine: models, a storage, videos to know. */
export interface Outside {
	environment: NodeJS.ProcessEnv;
	/** The right values of the S3 credential. */
	storage: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string; bucketName: string; forcePathStyle: boolean };
	close(): Promise<void>;
}

/** A real S3 server, tiny models under the names of the real ones, and a stand-in for YouTube. */
export async function startOutside(folder: string): Promise<Outside> {
	const models = join(folder, 'models');
	const [s3, youtube] = await Promise.all([startS3(), startYouTube({ [zoo]: zooVideo }), writeModels(models)]);
	const { endpoint = '', accessKeyId, secretAccessKey } = s3.config();
	return {
		environment: { AI_AGENT_TOOLS_MODELS: models, AI_AGENT_TOOLS_OFFLINE: '1', AI_AGENT_TOOLS_DEVICE: 'cpu', AI_AGENT_TOOLS_YOUTUBE_URL: youtube.url },
		storage: { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey, bucketName: bucket, forcePathStyle: true },
		close: async () => void (await Promise.all([s3.close(), youtube.close()])),
	};
}
