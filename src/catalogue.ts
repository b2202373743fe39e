/** A field of an operation's input, in words. */
export interface FieldDescription {
	name: string;
	/** With bounds or choices. */
	type: string;
	default: string;
	meaning: string;
	/** Of an object. */
	fields?: FieldDescription[];
}

export interface OperationDescription {
	name: string;
	group: string;
	title: string;
	summary: string;
	fields: FieldDescription[];
	/** The names of what comes back. */
	returns: string[];
	/** An input that runs as it stands. */
	example: Record<string, unknown>;
}

/** The operations that the runtime offers: one of them cannot import the list it stands in. */
export interface Catalogue {
	list(): { name: string; title: string }[];
	/** Throws InvalidInput, naming `field`, for a name that is none of them. */
	describe(name: string, field: string): OperationDescription;
}
