import type { FunctionVersion } from '../model/function.ts';
import type { ThrottleReason } from './door.ts';

/** Counts what is under way, for each account and region, against the limit. Reservations join it with their own issue. */
export class Admission {
  readonly #limit: number;
  readonly #underWay = new Map<string, number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place, or says why there is none. Every place taken is given back with `leave`. */
  enter(version: FunctionVersion): ThrottleReason | undefined {
    const key = placeOf(version);
    const count = this.#underWay.get(key) ?? 0;
    if (count >= this.#limit) return 'ConcurrentInvocationLimitExceeded';
    this.#underWay.set(key, count + 1);
    return undefined;
  }

  leave(version: FunctionVersion): void {
    const key = placeOf(version);
    this.#underWay.set(key, (this.#underWay.get(key) ?? 1) - 1);
  }

  get total(): number {
    let sum = 0;
    for (const count of this.#underWay.values()) sum += count;
    return sum;
  }
}

function placeOf({ accountId, region }: FunctionVersion): string {
  return `${accountId}/${region}`;
}
