/** What a source is to the pump whose records have an order and stay after they were read: streams, topics. */
import type { Checkpoint } from '../model/mapping/checkpoint.ts';
import type { Mapping } from '../model/mapping/mapping.ts';
import type { Envelope, SourceRecord } from './source.ts';

export interface StreamRecord extends SourceRecord {
  /** Records of one key are never with the function at once. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** Where reading goes on once this record and all before it are done. */
  readonly position: string;
}

/** A shard, a partition: its records come in order. */
export interface Lane {
  readonly id: string;
  /** These are read to their end before. */
  readonly parents?: readonly string[];
}

export interface ReadRecords {
  readonly records: readonly StreamRecord[];
  /** Behind everything that was looked at; `end` when nothing will ever come there. */
  readonly next: string | 'end';
  /** More is there already, though this read may have given nothing. */
  readonly behind?: boolean;
}

export interface StreamSource {
  readonly envelope: Envelope;
  /** Between reads of a lane that has nothing new. */
  readonly pollMs: number;
  /** In the event, as `aws:kinesis`; what failed is told of under this name, as `KinesisBatchInfo`. */
  readonly batchInfoName: string;
  lanes(signal: AbortSignal): Promise<readonly Lane[]>;
  /** From where the mapping is to begin, when `from` is undefined. */
  read(lane: string, from: string | undefined, recordsMax: number, signal: AbortSignal): Promise<ReadRecords>;
  /** What a destination is told of these. */
  batchInfo(lane: string, records: readonly StreamRecord[]): object;
}

export interface StreamKind {
  openStream(mapping: Mapping): StreamSource;
  check(mapping: Mapping, functionTimeoutSeconds: number): Promise<void>;
}

/** How far a mapping has come in each lane; durable when `put` resolves. */
export interface Checkpoints {
  get(lane: string): Checkpoint | undefined;
  put(lane: string, checkpoint: Checkpoint): Promise<void>;
}
