import type { HelperAnswer, HelperMessage, HelperRequest } from './protocol';

/** A program of its own around eSpeak NG (GPL-3): text in, samples and events out. No other file loads that package. */

process.on('disconnect', () => process.exit());

const tell = (message: HelperMessage) => process.send?.(message);

async function start(): Promise<void> {
	const { default: load } = await import('@echogarden/espeak-ng-emscripten');
	const engine = new (await load()).eSpeakNGWorker();

	let current: string | undefined;

	function prepare({ voice, rate, pitch, want }: HelperRequest): void {
		// Setting a voice reads its dictionary anew, a fifth of the time that a sentence takes. A sound needs it, as pitches add up; phonemes do not.
		const isSet = want === 'phonemes' && voice === current;
		if (!isSet && engine.set_voice(voice) !== 0) throw new Error(`unknown voice ${voice}`);
		current = voice;
		engine.set_rate(rate);
		engine.set_pitch(pitch);
	}

	function speak(text: string, want: HelperRequest['want']): HelperAnswer {
		const parts: Int16Array[] = [];
		const events: HelperAnswer['events'] = [];
		const ipa = engine.synthesize_and_get_phonemes(text, (samples, found) => {
			if (want === 'sound' && samples !== null) parts.push(samples);
			for (const event of found) {
				if (want === 'phonemes' && event.type !== 'word' && event.type !== 'end') continue;
				events.push({ type: event.type, position: event.text_position, time: event.audio_position, id: String(event.id ?? '') });
			}
			return false;
		});
		return { samples: joined(parts), ipa, events };
	}

	process.on('message', (request: HelperRequest) => {
		try {
			prepare(request);
			tell({ answers: request.texts.map((text) => speak(text, request.want)) });
		} catch (error) {
			tell({ error: error instanceof Error ? error.message : String(error) });
		}
	});
	tell({
		ready: engine.list_voices().map(({ name, identifier, languages }) => ({
			name,
			identifier,
			languages: languages.map((language) => ({ code: language.name.toLowerCase(), priority: language.priority })),
		})),
	});
}

function joined(parts: readonly Int16Array[]): Int16Array {
	const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

start().catch((error: unknown) => tell({ error: error instanceof Error ? error.message : String(error) }));
