import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod/v4';
import { capabilities } from '../src/capabilities';
import { InvalidInput } from '../src/errors';
import { explain } from '../src/explain';
import type { StorageConfig } from '../src/storage/config';
import { endpointIdPattern } from '../src/runpod/protocol';
import { storageOfEnvironment } from '../src/storage/environment';
import { devices, precisions } from '../src/vocabulary';
import { allowedThreads } from './engines/onnx/threads';

const flag = z.enum(['0', '1', 'true', 'false']).transform((value) => value === '1' || value === 'true');
const number = (min: number, max: number) => z.coerce.number().min(min).max(max);
const path = z.string().min(1);

/** Names with commas between, as in `media,storage`. */
const offered = z
	.string()
	.transform((text) => [...new Set(text.split(',').map((name) => name.trim()).filter(Boolean))])
	.pipe(z.array(z.enum(capabilities)).min(1));

/** Every environment variable the runtime reads, with what an absent one means. Sizes in bytes, times in seconds. */
const environment = z.object({
	FFMPEG_PATH: path.optional(),
	FFPROBE_PATH: path.optional(),
	AI_AGENT_TOOLS_SCRATCH: path.default(join(tmpdir(), 'ai-agent-tools')),
	AI_AGENT_TOOLS_DATA: path.default(join(homedir(), '.ai-agent-tools')),
	AI_AGENT_TOOLS_MODELS: path.optional(),
	AI_AGENT_TOOLS_FONTS: path.optional(),
	AI_AGENT_TOOLS_OFFLINE: flag.default(false),
	AI_AGENT_TOOLS_DEVICE: z.enum(devices).default('auto'),
	AI_AGENT_TOOLS_PRECISION: z.enum(precisions).optional(),
	AI_AGENT_TOOLS_THREADS: number(1, 256).default(allowedThreads()),
	AI_AGENT_TOOLS_CAPABILITIES: offered.default([...capabilities]),
	AI_AGENT_TOOLS_CONCURRENCY: number(1, 64).default(1),
	AI_AGENT_TOOLS_QUEUE: number(1, 100_000).default(100),
	AI_AGENT_TOOLS_TIME_LIMIT: number(1, 604_800).default(3600),
	AI_AGENT_TOOLS_STALL_LIMIT: number(1, 3600).default(60),
	AI_AGENT_TOOLS_IDLE: number(0, 86_400).default(600),
	AI_AGENT_TOOLS_MAX_DOWNLOAD: number(1, Number.MAX_SAFE_INTEGER).default(5_000_000_000),
	AI_AGENT_TOOLS_MAX_PIXELS: number(1, 1_000_000_000).default(40_000_000),
	AI_AGENT_TOOLS_MAX_DURATION: number(1, 604_800).default(14_400),
	AI_AGENT_TOOLS_MAX_STREAMS: number(1, 10_000).default(32),
	AI_AGENT_TOOLS_MAX_INLINE: number(1, 100_000_000).default(6_000_000),
	AI_AGENT_TOOLS_MAX_MODELS: number(1, 32).default(2),
	AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: flag.default(false),
	AI_AGENT_TOOLS_YOUTUBE_URL: z.url({ protocol: /^https?$/ }).default('https://www.youtube.com'),
	AI_AGENT_TOOLS_HOST: z.string().min(1).default('127.0.0.1'),
	AI_AGENT_TOOLS_PORT: number(0, 65_535).default(8000),
	AI_AGENT_TOOLS_API_KEY: z.string().min(1).optional(),
	AI_AGENT_TOOLS_ENDPOINT: z.string().regex(endpointIdPattern, 'Expected letters, digits, - and _ only').default('local'),
	AI_AGENT_TOOLS_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
	AI_AGENT_TOOLS_FILE_LIFE: number(60, 604_800).default(86_400),
	AI_AGENT_TOOLS_DRAIN_LIMIT: number(0, 86_400).default(600),
	AI_AGENT_TOOLS_LOG: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface Settings extends z.infer<typeof environment> {
	/** S3 as its own variables set it up (src/storage/environment.ts). */
	storage?: StorageConfig | undefined;
	/** Names of those variables that were used. */
	storageNames: readonly string[];
	/** Names of the settings that are made. */
	names: readonly string[];
	/** Names that look like settings and are none. */
	unknownNames: readonly string[];
}

const badSetting = (error: InvalidInput) => new InvalidInput(`Environment variable ${error.message}`, { code: 'bad_setting' });

/** Reads the settings; a variable that makes no sense stops the start and is named. */
export function readSettings(env: Record<string, string | undefined> = process.env): Settings {
	const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
	const parsed = environment.safeParse(given);
	if (!parsed.success) throw badSetting(explain(parsed.error, given));
	const storage = storageOfEnvironment(given);
	const isSetting = (name: string) => name in environment.shape;
	const names = Object.keys(given).filter((name) => isSetting(name) || name.startsWith('AI_AGENT_TOOLS_')).sort();
	return { ...parsed.data, storage: storage?.config, storageNames: storage?.names ?? [], names: names.filter(isSetting), unknownNames: names.filter((name) => !isSetting(name)) };
}
