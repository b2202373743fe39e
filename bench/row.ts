/** One line of the table. A figure without an older way to compare with has `older` and `ratio` null: `goal` is a limit on `ours` then. */
export interface Row {
	row: string;
	ours: number;
	older: number | null;
	/** ours ÷ older. */
	ratio: number | null;
	/** Of `ours` and `older`. */
	unit: string;
	goal: string;
	ok: boolean;
	/** What the cheaper result is worth: how it compares with the older one, or with what is right. */
	quality?: string;
	note?: string;
}

/** The rows that one module of the bench measures. */
export type Bench = () => Promise<Row[]>;
