/** The part of the package that our helper process uses; the package has no types of its own. */
declare module '@echogarden/espeak-ng-emscripten' {
	interface Event {
		type: string;
		text_position: number;
		word_length: number;
		audio_position: number;
		id: string | number | undefined;
	}
	interface Worker {
		/** 0 = set; anything else = unknown, and the previous voice stays. */
		set_voice(name: string): number;
		set_rate(wordsPerMinute: number): void;
		set_pitch(pitch: number): void;
		list_voices(): { name: string; identifier: string; languages: { name: string; priority: number }[] }[];
		/** Stops when the callback returns true. */
		synthesize_and_get_phonemes(text: string, onPart: (samples: Int16Array | null, events: Event[]) => boolean): string;
	}
	export default function load(): Promise<{ eSpeakNGWorker: new () => Worker }>;
}
