/** Token buckets: each holds a burst and fills at a rate. */
import type { Clock } from '../../base/clock.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

export interface Limits {
  readonly burst: number;
  /** A second. */
  readonly rate: number;
}

const bucketsMax = 50_000;

export class Buckets {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a token; false when there is none. */
  take(key: string, { burst, rate }: Limits): boolean {
    const bucket = this.#bucket(key, burst);
    const now = this.#clock.monotonic();
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #bucket(key: string, burst: number): Bucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      // Of APIs that are gone; a burst more for the others does no harm.
      if (this.#buckets.size >= bucketsMax) this.#buckets.clear();
      bucket = { tokens: burst, filledAt: this.#clock.monotonic() };
      this.#buckets.set(key, bucket);
    }
    return bucket;
  }
}
