import type { Clock } from './clock.ts';

export interface Insistence {
  readonly clock: Clock;
  readonly waitMs: number;
  readonly triesMax: number;
  /** Nobody needs it any more. */
  readonly signal: AbortSignal;
  /** Told of each failure that is not the last. */
  failed(error: unknown): void;
}

/** Does it again until it succeeds, the last try has failed, or nobody needs it: then it fails as that did. */
export async function insist(act: () => Promise<void>, insistence: Insistence): Promise<void> {
  const { clock, waitMs, triesMax, signal, failed } = insistence;
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (tries >= triesMax || signal.aborted) throw error;
      failed(error);
      await clock.sleep(waitMs, signal);
    }
  }
}
