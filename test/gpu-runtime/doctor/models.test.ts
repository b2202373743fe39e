/** @jest-environment ./test/support/node-environment.js */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as DoctorModels from '../../../gpu-runtime/doctor/models';
import { readSettings } from '../../../gpu-runtime/settings';
import { built } from '../../support/dist';

const { examineModels, examineOnnx } = built<typeof DoctorModels>('gpu-runtime/doctor/models.js');

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));
const settings = (more: Record<string, string> = {}) => readSettings({ AI_AGENT_TOOLS_MODELS: folder, ...more });

it('says that no model is there yet, and offline what to do about it', async () => {
	expect(await examineModels(settings())).toMatchObject({ status: 'ok', detail: expect.stringMatching(/^none yet; not here: kokoro, whisper-tiny, .*downloads it/) });
	expect(await examineModels(settings({ AI_AGENT_TOOLS_OFFLINE: 'true' }))).toMatchObject({ status: 'warning', repair: expect.stringContaining('copy models') });
});

it('tells a download that was only begun, and how to go on with it', async () => {
	mkdirSync(join(folder, 'kokoro/onnx'), { recursive: true });
	writeFileSync(join(folder, 'kokoro/onnx/model_quantized.onnx.partial'), 'x'.repeat(2_000_000));
	expect(await examineModels(settings())).toMatchObject({ status: 'warning', detail: expect.stringContaining('kokoro unfinished (2 MB)'), repair: expect.stringContaining('models download kokoro') });
});

it('proves onnxruntime with a tiny model, and says why CUDA does not work where it was asked for', async () => {
	expect(await examineOnnx(settings({ AI_AGENT_TOOLS_DEVICE: 'cpu' }))).toMatchObject({ status: 'ok', detail: expect.stringMatching(/^\d+\.\d+\.\d+: CPU proved$/) });
	const asked = await examineOnnx(settings({ AI_AGENT_TOOLS_DEVICE: 'cuda' }));
	if (!asked.detail.includes('CUDA proved')) expect(asked).toMatchObject({ status: 'missing', detail: expect.stringContaining('no CUDA: '), repair: expect.stringContaining('NVIDIA') });
});
