/** Which messages of a queue wait to be received, and in which order. Only their numbers are known here. */
export interface Line {
  /** A message was sent, comes back from flight, or was found at a start. */
  put(sequence: number, visibleAt: number, group: string | undefined): void;
  /** Takes up to `limit` messages that are visible; they are in flight from now on. */
  take(limit: number, now: number): Taken[];
  /** A message was found in flight at a start. */
  flies(group: string | undefined): void;
  /** A message that was in flight is gone for good. */
  settled(group: string | undefined): void;
  /** A message that waits is gone: it expired, or was deleted by an old receipt handle. */
  remove(sequence: number, group: string | undefined): void;
  /** When something may be taken, if only time passes; in the past when it may be now, undefined when it never will. */
  nextAt(): number | undefined;
  counts(now: number): { readonly visible: number; readonly delayed: number };
}

export interface Taken {
  readonly sequence: number;
  readonly group?: string;
}
