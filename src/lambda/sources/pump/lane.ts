/**
 * Reads one lane of a stream, in its order: the next records are taken once all before them are done or given up, and then
 * the place behind them is kept, so that a server that is killed goes on from there.
 *
 *     read ─► filter ─► gather for the window ─► by key, as many batches at once as allowed ─► keep the place
 *                                                      └ again, halved, or given up: batch-progress.ts
 */
import type { RecordFilter } from '../filter/filters.ts';
import type { StreamRecord } from '../stream.ts';
import { finish, type Gathered, type Invoke, type LaneWay, pause, retryMsMin } from './lane-batches.ts';
import { LaneWindows, type WindowParts } from './lane-windows.ts';
import { stateBytesMax, windowBytesMax } from './tumbling-window.ts';

export interface LaneParts extends WindowParts {
  readonly filter: RecordFilter | undefined;
  readonly windowMs: number;
  /** Batches of one lane that may be with the function at once. */
  readonly parallel: number;
}

/** Resolves at the end of the lane, or when `signal` is aborted; rejects when the source cannot be read. */
export async function readLane(lane: string, parts: LaneParts, signal: AbortSignal): Promise<void> {
  const { checkpoints, source, clock, tumblingMs } = parts;
  const way = tumblingMs > 0 ? new LaneWindows(lane, parts, signal) : new LaneBatches(lane, parts, signal);
  let from = checkpoints.get(lane)?.position;
  while (from !== 'end' && !signal.aborted) {
    await readiness(parts, signal);
    if (signal.aborted) return;
    const gathered = await gather(lane, from, parts, signal);
    // What was not finished is read again at the next start.
    if (!(await way.take(gathered, from))) return;
    const { records, next } = gathered;
    const idle = next === from || records.length === 0;
    from = next;
    if (idle && next !== 'end') await pause(clock, source.pollMs, signal);
  }
}

/** Batches of a lane without tumbling windows. */
class LaneBatches implements LaneWay {
  readonly #lane: string;
  readonly #parts: LaneParts;
  readonly #signal: AbortSignal;

  constructor(lane: string, parts: LaneParts, signal: AbortSignal) {
    this.#lane = lane;
    this.#parts = parts;
    this.#signal = signal;
  }

  async take({ records, next }: Gathered, from: string | undefined): Promise<boolean> {
    const { checkpoints, invoker } = this.#parts;
    const invoke: Invoke = (batch) => invoker.invoke(batch);
    const batches = byKey(records, this.#parts);
    const finished = await Promise.all(
      batches.map((batch) => finish(this.#lane, batch, this.#parts, this.#signal, invoke)),
    );
    if (finished.includes(false)) return false;
    if (next !== from) await checkpoints.put(this.#lane, { position: next });
    return true;
  }
}

/** Nothing is read for a function that could not be invoked: the records would only grow old here. */
async function readiness({ invoker, clock, result }: LaneParts, signal: AbortSignal): Promise<void> {
  for (let why = invoker.hindrance(); why !== undefined && !signal.aborted; why = invoker.hindrance()) {
    result(why);
    await pause(clock, retryMsMin, signal);
  }
}

/** Until there are enough, they are as large as an event, or the window that began with the first is over. */
async function gather(
  lane: string,
  start: string | undefined,
  parts: LaneParts,
  signal: AbortSignal,
): Promise<Gathered> {
  const { source, clock, windowMs, filter } = parts;
  const bytesMax = recordBytesMax(parts);
  const wanted = parts.recordsMax * parts.parallel;
  const records: StreamRecord[] = [];
  let from = start;
  let bytes = 0;
  let until: number | undefined;
  for (;;) {
    const read = await source.read(lane, from, wanted - records.length, signal);
    for (const record of read.records) {
      parts.count('PolledEventCount', 1);
      if (filter !== undefined && !filter(record.filterable)) {
        parts.count('FilteredOutEventCount', 1);
        from = record.position;
        continue;
      }
      bytes += Buffer.byteLength(record.json) + 1;
      if (records.length > 0 && bytes > bytesMax) return { records, next: from ?? record.position, behind: true };
      records.push(record);
      from = record.position;
    }
    from = read.next;
    if (records.length > 0) until ??= clock.monotonic() + windowMs;
    const full = records.length >= wanted || read.next === 'end' || signal.aborted;
    if (full || until === undefined || clock.monotonic() >= until)
      return { records, next: read.next, behind: read.behind ?? false };
    await pause(clock, Math.min(source.pollMs, until - clock.monotonic()), signal);
  }
}

/** Beside a window's state and what is said of it there is less room. */
function recordBytesMax({ invoker, tumblingMs }: LaneParts): number {
  return tumblingMs > 0 ? invoker.recordBytesMax - stateBytesMax - windowBytesMax : invoker.recordBytesMax;
}

/** Records of one key stay together, and in order. */
function byKey(records: readonly StreamRecord[], { parallel }: LaneParts): StreamRecord[][] {
  const lanes = Array.from({ length: parallel }, (): StreamRecord[] => []);
  for (const record of records) lanes[parallel === 1 ? 0 : hashOf(record.key) % parallel]?.push(record);
  return lanes.filter((lane) => lane.length > 0);
}

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (hash * 31 + text.charCodeAt(at)) >>> 0;
  return hash;
}
