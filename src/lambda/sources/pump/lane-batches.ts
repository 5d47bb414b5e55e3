/** Brings records of a lane to their function, whatever comes of it: tries again, halves, gives up, as `batch-progress.ts` says. */
import type { Clock } from '../../../base/clock.ts';
import type { StreamRecord } from '../stream.ts';
import { type Attempt, aged, type Progress, progress, type RetryPolicy } from './batch-progress.ts';
import { type Count, countInvoked } from './counted.ts';
import type { BatchOutcome } from './invoker.ts';

export interface BatchParts {
  readonly recordsMax: number;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly count: Count;
  /** Told of what is given up; resolves once that is safe. */
  giveUp(lane: string, lost: NonNullable<Progress['givenUp']>): Promise<void>;
  /** What came of the last records; undefined for success. */
  result(problem: string | undefined): void;
}

/** What was read of a lane at once. */
export interface Gathered {
  readonly records: StreamRecord[];
  readonly next: string;
  /** More is there already. */
  readonly behind: boolean;
}

/** How what is read comes to the function, and the place behind it is kept; false when a stop came before. */
export interface LaneWay {
  take(gathered: Gathered, from: string | undefined): Promise<boolean>;
}

export type Invoke = (records: readonly StreamRecord[]) => Promise<BatchOutcome>;

export const retryMsMin = 1000;
export const retryMsMax = 60_000;

/** One batch after the other, until all are done or given up; false when a stop came before. */
export async function finish(
  lane: string,
  records: readonly StreamRecord[],
  parts: BatchParts,
  signal: AbortSignal,
  invoke: Invoke,
): Promise<boolean> {
  const { clock, policy, recordsMax } = parts;
  const pending: Attempt[] = [];
  for (let at = 0; at < records.length; at += recordsMax) {
    pending.push({ records: records.slice(at, at + recordsMax), failures: 0 });
  }
  let waitMs = retryMsMin;
  for (let attempt = pending.shift(); attempt !== undefined; attempt = pending.shift()) {
    if (signal.aborted) return false;
    const step = aged(attempt, policy, clock.now()) ?? (await attempted(attempt, invoke, parts));
    if (step.givenUp !== undefined) await parts.giveUp(lane, step.givenUp);
    pending.unshift(...step.again);
    if (step.waits) await pause(clock, waitMs, signal);
    waitMs = step.waits ? Math.min(retryMsMax, waitMs * 2) : retryMsMin;
  }
  return true;
}

async function attempted(attempt: Attempt, invoke: Invoke, { policy, result, count }: BatchParts): Promise<Progress> {
  const outcome = await invoke(attempt.records);
  countInvoked(count, outcome, attempt.records.length);
  if (outcome.kind === 'taken') result(outcome.failed.size === 0 ? undefined : 'Some records failed');
  else result(outcome.why);
  return progress(attempt, outcome, policy);
}

/** Also over when the signal fires. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => {});
}
