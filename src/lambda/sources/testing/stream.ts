/** For tests: a stream in memory, of lanes whose records are numbered. */
import type { Clock } from '../../../base/clock.ts';
import type { Checkpoint } from '../../model/mapping/checkpoint.ts';
import type { Checkpoints, Lane, StreamRecord, StreamSource } from '../stream.ts';

interface Shard extends Lane {
  readonly records: StreamRecord[];
  closed: boolean;
}

export class MemoryStream implements StreamSource {
  readonly envelope = { before: '{"Records":[', after: ']}' };
  readonly pollMs = 1000;
  readonly batchInfoName = 'MemoryBatchInfo';
  /** Set by a test: what reads reject with. */
  broken: Error | undefined;
  readonly #clock: Clock;
  readonly #shards = new Map<string, Shard>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  shard(id: string, parents?: string[]): void {
    this.#shards.set(id, { id, parents, records: [], closed: false });
  }

  close(id: string): void {
    this.#of(id).closed = true;
  }

  put(shard: string, id: string, { key = id, body = id } = {}): void {
    const { records } = this.#of(shard);
    const arrivedAt = this.#clock.now();
    const json = JSON.stringify({ id, body });
    records.push({ id, json, filterable: { body }, key, arrivedAt, position: String(records.length + 1) });
  }

  async lanes(): Promise<readonly Lane[]> {
    if (this.broken) throw this.broken;
    return [...this.#shards.values()];
  }

  async read(lane: string, from: string | undefined, recordsMax: number) {
    if (this.broken) throw this.broken;
    const { records, closed } = this.#of(lane);
    const start = Number(from ?? 0);
    const found = records.slice(start, start + recordsMax);
    const end = start + found.length;
    return { records: found, next: closed && end === records.length ? 'end' : String(end) };
  }

  batchInfo(shardId: string, records: readonly StreamRecord[]) {
    return { shardId, batchSize: records.length };
  }

  #of(id: string): Shard {
    const shard = this.#shards.get(id);
    if (shard === undefined) throw new Error(`There is no shard ${id}`);
    return shard;
  }
}

export class MemoryCheckpoints implements Checkpoints {
  readonly at = new Map<string, Checkpoint>();
  get(lane: string) {
    return this.at.get(lane);
  }
  async put(lane: string, checkpoint: Checkpoint) {
    this.at.set(lane, checkpoint);
  }
}
