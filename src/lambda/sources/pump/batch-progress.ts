/**
 * What follows an attempt at a batch of a stream, as data (reference: lambda-semantics 5.3): what is left of it, in its
 * order, and what is given up. Pure; the lane does it.
 *
 *     taken ───────────────► done
 *     some failed ─────────► from the lowest failed one on, again (halved there, when asked to halve)
 *     failed ──┬─ halving ─► two halves, again; halving is no attempt
 *              └─ retries ─► the same, again; or given up
 *     not asked (throttled) the same, again, and nothing is counted
 */
import type { StreamRecord } from '../stream.ts';
import type { BatchOutcome, Invocation } from './invoker.ts';

export interface RetryPolicy {
  /** -1 for as often as it takes. */
  readonly retriesMax: number;
  /** -1 for records of any age. */
  readonly ageMsMax: number;
  readonly bisect: boolean;
}

export interface Attempt {
  readonly records: readonly StreamRecord[];
  /** Failures so far that count. */
  readonly failures: number;
  /** Of the last failure, for whoever is told that these are given up. */
  readonly last?: Invocation;
}

export type Condition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Progress {
  readonly again: readonly Attempt[];
  /** Whether what comes again waits a while. */
  readonly waits: boolean;
  readonly givenUp?: Attempt & { readonly condition: Condition };
}

const nothing: Progress = { again: [], waits: false };

/** Before an attempt: records that are too old by now are given up without one. */
export function aged(attempt: Attempt, { ageMsMax }: RetryPolicy, now: number): Progress | undefined {
  if (ageMsMax < 0) return undefined;
  const young = attempt.records.findIndex(({ arrivedAt }) => now - arrivedAt <= ageMsMax);
  if (young === 0) return undefined;
  const old = young < 0 ? attempt.records : attempt.records.slice(0, young);
  const rest = young < 0 ? [] : [{ ...attempt, records: attempt.records.slice(young) }];
  return { again: rest, waits: false, givenUp: { ...attempt, records: old, condition: 'RecordAgeExceeded' } };
}

export function progress(attempt: Attempt, outcome: BatchOutcome, policy: RetryPolicy): Progress {
  if (outcome.kind === 'later') return { again: [attempt], waits: true };
  if (outcome.kind === 'failed') return afterFailure({ ...attempt, last: outcome.invocation }, policy);
  const from = attempt.records.findIndex(({ id }) => outcome.failed.has(id));
  if (from < 0) return nothing;
  const rest = { records: attempt.records.slice(from), failures: attempt.failures, last: outcome.invocation };
  return afterFailure(rest, policy);
}

function afterFailure(attempt: Attempt, { retriesMax, bisect }: RetryPolicy): Progress {
  const { records, failures } = attempt;
  if (bisect && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    const halves = [records.slice(0, middle), records.slice(middle)];
    return { again: halves.map((half) => ({ ...attempt, records: half })), waits: false };
  }
  if (retriesMax >= 0 && failures >= retriesMax) {
    return { again: [], waits: false, givenUp: { ...attempt, condition: 'RetryAttemptsExhausted' } };
  }
  return { again: [{ ...attempt, failures: failures + 1 }], waits: true };
}
