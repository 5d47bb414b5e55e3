/** What a kind of source is to the pump. */
import type { Mapping } from '../model/mapping/mapping.ts';
import type { Filterable } from './filter/filters.ts';

/** One record on its way from a source to a function. */
export interface SourceRecord {
  /** What a partial batch response calls it. */
  readonly id: string;
  /** As it stands in the event: JSON text. */
  readonly json: string;
  /** What filter patterns see of it. */
  readonly filterable: Filterable;
  /** Of whoever put it there: tells how often a chain has come through a function. */
  readonly traceHeader?: string;
}

/** What the records of a batch stand in: `before`, the records with commas between them, `after`. */
export interface Envelope {
  readonly before: string;
  readonly after: string;
}

/**
 * A source that keeps by itself what was taken from it: it gives a record out again unless that is removed in time. So the
 * pump has nothing to remember, and a server that is killed loses nothing.
 */
export interface HoldingSource<R extends SourceRecord = SourceRecord> {
  readonly envelope: Envelope;
  /** What one `receive` gives at most. */
  readonly receiveMax: number;
  /** What one `receive` gives must be one batch, or its order is lost. */
  readonly ordered: boolean;
  /** As soon as there is one record, or none when `waitMs` are over; rejects when the source cannot be read. */
  receive(recordsMax: number, waitMs: number, signal: AbortSignal): Promise<R[]>;
  /** For good. */
  remove(records: readonly R[]): Promise<void>;
  /** Taken and not used: others may have them at once. */
  giveBack(records: readonly R[]): Promise<void>;
  /** How long what is received stays ours. */
  holdMs(): number;
}

/** A kind of source, once for all mappings. */
export interface HoldingKind {
  open(mapping: Mapping): HoldingSource;
  /** Throws AWS's error when the source is not there, or does not fit the function. */
  check(mapping: Mapping, functionTimeoutSeconds: number): Promise<void>;
}
