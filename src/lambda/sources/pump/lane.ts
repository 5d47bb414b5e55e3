/**
 * Reads one lane of a stream, in its order: the next records are taken once all before them are done or given up, and then
 * the place behind them is kept, so that a server that is killed goes on from there.
 *
 *     read ─► filter ─► gather for the window ─► by key, as many batches at once as allowed ─► keep the place
 *                                                      └ again, halved, or given up: batch-progress.ts
 */
import type { Clock } from '../../../base/clock.ts';
import type { RecordFilter } from '../filter/filters.ts';
import type { Checkpoints, StreamRecord, StreamSource } from '../stream.ts';
import { type Attempt, aged, type Progress, progress, type RetryPolicy } from './batch-progress.ts';
import { type Count, countInvoked } from './counted.ts';
import type { Invoker } from './invoker.ts';

export interface LaneParts {
  readonly source: StreamSource;
  readonly invoker: Invoker;
  readonly filter: RecordFilter | undefined;
  readonly checkpoints: Checkpoints;
  readonly recordsMax: number;
  readonly windowMs: number;
  /** Batches of one lane that may be with the function at once. */
  readonly parallel: number;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly count: Count;
  /** Told of what is given up; resolves once that is safe. */
  giveUp(lane: string, lost: NonNullable<Progress['givenUp']>): Promise<void>;
  /** What came of the last records; undefined for success. */
  result(problem: string | undefined): void;
}

const retryMsMin = 1000;
const retryMsMax = 60_000;

/** Resolves at the end of the lane, or when `signal` is aborted; rejects when the source cannot be read. */
export async function readLane(lane: string, parts: LaneParts, signal: AbortSignal): Promise<void> {
  let from = parts.checkpoints.get(lane);
  while (from !== 'end' && !signal.aborted) {
    await readiness(parts, signal);
    if (signal.aborted) return;
    const { records, next } = await gathered(lane, from, parts, signal);
    const finished = await Promise.all(byKey(records, parts).map((batch) => finish(lane, batch, parts, signal)));
    // What was not finished is read again at the next start.
    if (finished.includes(false)) return;
    if (next !== from) await parts.checkpoints.put(lane, next);
    const idle = next === from || records.length === 0;
    from = next;
    if (idle && next !== 'end') await pause(parts.clock, parts.source.pollMs, signal);
  }
}

/** Nothing is read for a function that could not be invoked: the records would only grow old here. */
async function readiness({ invoker, clock, result }: LaneParts, signal: AbortSignal): Promise<void> {
  for (let why = invoker.hindrance(); why !== undefined && !signal.aborted; why = invoker.hindrance()) {
    result(why);
    await pause(clock, retryMsMin, signal);
  }
}

interface Gathered {
  readonly records: StreamRecord[];
  readonly next: string;
}

/** Until there are enough, they are as large as an event, or the window that began with the first is over. */
async function gathered(
  lane: string,
  start: string | undefined,
  parts: LaneParts,
  signal: AbortSignal,
): Promise<Gathered> {
  const { source, clock, windowMs, filter, invoker } = parts;
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
      if (records.length > 0 && bytes > invoker.recordBytesMax) return { records, next: from ?? record.position };
      records.push(record);
      from = record.position;
    }
    from = read.next;
    if (records.length > 0) until ??= clock.monotonic() + windowMs;
    const full = records.length >= wanted || read.next === 'end' || signal.aborted;
    if (full || until === undefined || clock.monotonic() >= until) return { records, next: read.next };
    await pause(clock, Math.min(source.pollMs, until - clock.monotonic()), signal);
  }
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

/** One batch after the other, until all are done or given up; false when a stop came before. */
async function finish(lane: string, records: StreamRecord[], parts: LaneParts, signal: AbortSignal): Promise<boolean> {
  const { clock, policy, invoker, recordsMax } = parts;
  const pending: Attempt[] = [];
  for (let at = 0; at < records.length; at += recordsMax) {
    pending.push({ records: records.slice(at, at + recordsMax), failures: 0 });
  }
  let waitMs = retryMsMin;
  for (let attempt = pending.shift(); attempt !== undefined; attempt = pending.shift()) {
    if (signal.aborted) return false;
    const step = aged(attempt, policy, clock.now()) ?? (await attempted(attempt, invoker, parts));
    if (step.givenUp !== undefined) await parts.giveUp(lane, step.givenUp);
    pending.unshift(...step.again);
    if (step.waits) await pause(clock, waitMs, signal);
    waitMs = step.waits ? Math.min(retryMsMax, waitMs * 2) : retryMsMin;
  }
  return true;
}

async function attempted(attempt: Attempt, invoker: Invoker, { policy, result, count }: LaneParts): Promise<Progress> {
  const outcome = await invoker.invoke(attempt.records);
  countInvoked(count, outcome, attempt.records.length);
  if (outcome.kind === 'taken') result(outcome.failed.size === 0 ? undefined : 'Some records failed');
  else result(outcome.why);
  return progress(attempt, outcome, policy);
}

/** Also over when the signal fires. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => {});
}
