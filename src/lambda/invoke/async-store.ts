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
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** Attempts that count, so far. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
}

export interface AsyncStore {
  /** Durable when it resolves. Calls made together commit together. */
  add(event: AsyncEvent): Promise<void>;
  /** Up to `limit` events that are due and not claimed by this process, marked as claimed in memory only:
   *  after a crash they are due again (at least once). */
  claim(limit: number, now: number): AsyncEvent[];
  /** Settled: forget the event. */
  settle(id: string): Promise<void>;
  /** Not settled: due again at `nextAttemptAt` with this many attempts. */
  postpone(id: string, next: { attempts: number; nextAttemptAt: number }): Promise<void>;
  /** When the earliest unclaimed event is due, or undefined. */
  nextDueAt(): number | undefined;
  count(): number;
}
