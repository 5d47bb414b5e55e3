/** What is sent to the writer thread, and what comes back: plain data. */

export type Value = string | number | bigint | null | Uint8Array;

export interface Statement {
  readonly sql: string;
  readonly params: readonly Value[];
  /** The whole unit is undone, and answered `refused`, unless this statement changes exactly one row. */
  readonly mustChangeOne?: boolean;
}

/** Done altogether or not at all. */
export type Unit = readonly Statement[];

/** What is to be kept in the unit of something else, its cause, and what follows once that is done. */
export interface Joined {
  readonly statements: readonly Statement[];
  committed(): void;
}

/** Who commits units; `false` when a condition did not hold and nothing was changed. */
export interface UnitWriter {
  write(unit: Unit): Promise<boolean>;
}

export type UnitResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly message: string };

export interface WriteRequest {
  readonly units: readonly Unit[];
}

/** One result a unit, in the order in which the units were sent. */
export interface WriteAnswer {
  readonly results: readonly UnitResult[];
}
