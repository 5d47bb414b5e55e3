import type { FunctionKey } from '../model/function.ts';
import type { Delivery } from './delivery.ts';

/** Accepted asynchronous invocations. A row is there from the moment 202 is answered until its outcome is settled. */
export interface AsyncEvent {
  /** The request id that the caller was given; every attempt has the same. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly functionName: string;
  /** As the caller named it: absent, `$LATEST`, a version or an alias. */
  readonly qualifier?: string;
  readonly payload: Buffer;
  readonly traceHeader?: string;
  /** As `InvokeRequest.callerTrace`, for the first attempt. */
  readonly callerTrace?: string;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** Attempts that count, so far. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
  /** It is not for the function, but tells somebody else of one of its events. */
  readonly delivery?: Delivery;
}

/** What is kept in one commit with the end of an event. */
export interface Aftermath {
  /** For functions, and for others, that are told how it ended. */
  readonly events: readonly AsyncEvent[];
}

export interface AsyncStore {
  /** Durable when it resolves. Calls made together commit together. */
  add(event: AsyncEvent): Promise<void>;
  /**
   * An event that is due and not claimed by this process, of a function that may run one more; functions take turns.
   * It is marked as claimed in memory only: after a crash it is due again (at least once).
   */
  claim(now: number, mayRun: (key: FunctionKey) => boolean): AsyncEvent | undefined;
  /** Settled: forget the event, and keep what follows from it. */
  settle(id: string, aftermath?: Aftermath): Promise<void>;
  /** Not settled: due again at `nextAttemptAt` with this many attempts. */
  postpone(id: string, next: { attempts: number; nextAttemptAt: number }): Promise<void>;
  /** When the earliest unclaimed event of a function that may run one more is due, or undefined. */
  nextDueAt(mayRun: (key: FunctionKey) => boolean): number | undefined;
  count(): number;
}

export function functionKeyOf({ accountId, region, functionName: name }: AsyncEvent): FunctionKey {
  return { accountId, region, name };
}
