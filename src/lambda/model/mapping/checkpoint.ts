/** How far a mapping has come in one shard or partition. */
export interface Checkpoint {
  /** Behind what is done; `end` where nothing will ever come. */
  readonly position: string;
  readonly window?: OpenWindow | undefined;
}

/** A tumbling window that is not over yet, and what its function has gathered in it. */
export interface OpenWindow {
  /** Milliseconds since the epoch, as is `endMs`. */
  readonly startMs: number;
  readonly endMs: number;
  /** A JSON object, as text. */
  readonly state: string;
}
