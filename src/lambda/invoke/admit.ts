/**
 * Who may run now. The account's limit is divided into what is kept for some and what all others share; in the tree below
 * everybody takes from the nearest place, and a version with provisioned concurrency spills over into its parent.
 *
 *   limit of account and region
 *   ├── shared: functions without a reservation
 *   │   └── kept for a version with provisioned concurrency
 *   └── kept for a function with a reservation, which is its cap as well
 *       └── kept for a version of it with provisioned concurrency
 *
 * It is told of reservations when they change, and asks nobody.
 */
import type { Clock } from '../../base/clock.ts';
import type { FunctionKey, FunctionVersion } from '../model/function.ts';
import type { ThrottleReason } from './door.ts';
import { Rate } from './rate.ts';

/** AWS lets each place of a reservation begin this many synchronous invocations a second (reference: lambda-semantics 1.10). */
const perSecondOfEach = 10;

/** A function grows by this many invocations at once, and by a thousand more every ten seconds, whatever the limit. */
const growthMax = 1000;
const growthPerSecond = 100;

/** An account's functions in a region. */
interface Place {
  readonly functions: Map<string, Use>;
  /** Of the limit, for functions with a reservation and for provisioned versions of others. */
  kept: number;
  /** Under way, of functions without a reservation, beside what is provisioned. */
  shared: number;
  /** Under way, of functions without a reservation. */
  unreserved: number;
}

/** One function's. */
interface Use {
  readonly underWay: Map<string, number>;
  provisioned: ReadonlyMap<string, number>;
  reservation: { readonly places: number; readonly rate: Rate } | undefined;
  /** Under way beside what is provisioned. */
  spilled: number;
  /** The most that `spilled` has been; only what is beyond takes of `growth`. */
  peak: number;
  readonly growth: Rate;
}

export interface AdmissionParts {
  /** Invocations at once in an account and region. */
  readonly limit: number;
  readonly clock: Clock;
}

const nothingProvisioned: ReadonlyMap<string, number> = new Map();

export class Admission {
  readonly #parts: AdmissionParts;
  readonly #places = new Map<string, Place>();

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Takes a place, or says why there is none. Every place taken is given back with `leave`. */
  enter(version: FunctionVersion, background = false): ThrottleReason | undefined {
    const place = this.#place(version);
    const use = this.#useOf(place, version.name);
    const count = use.underWay.get(version.version) ?? 0;
    const spills = count >= (use.provisioned.get(version.version) ?? 0);
    const reason = this.#refusal(place, use, { spills, background });
    if (reason !== undefined) return reason;
    if (spills) spill(place, use, 1);
    if (use.reservation === undefined) place.unreserved += 1;
    use.underWay.set(version.version, count + 1);
    return undefined;
  }

  leave(version: FunctionVersion): void {
    const place = this.#place(version);
    const use = this.#useOf(place, version.name);
    const count = use.underWay.get(version.version) ?? 1;
    if (count > (use.provisioned.get(version.version) ?? 0)) spill(place, use, -1);
    if (use.reservation === undefined) place.unreserved -= 1;
    if (count > 1) use.underWay.set(version.version, count - 1);
    else use.underWay.delete(version.version);
    forgetUnused(place, version.name, use);
  }

  /** From now on this many are kept for the function, and it has no more; undefined: it shares with others. */
  reserve(key: FunctionKey, places: number | undefined): void {
    const { clock } = this.#parts;
    this.#change(key, (use) => {
      const rate = (each: number) => new Rate(each * perSecondOfEach, clock.monotonic());
      use.reservation = places === undefined ? undefined : { places, rate: rate(places) };
    });
  }

  /** From now on these numbers are kept for the function's versions. */
  provision(key: FunctionKey, byVersion: ReadonlyMap<string, number>): void {
    this.#change(key, (use) => {
      use.provisioned = byVersion.size === 0 ? nothingProvisioned : byVersion;
    });
  }

  /** The function is gone, and what was kept for it is everybody's. */
  forget(key: FunctionKey): void {
    this.#change(key, (use) => {
      use.reservation = undefined;
      use.provisioned = nothingProvisioned;
    });
  }

  /** Of a function without a reservation none; zero of one that is blocked. */
  reserved(key: FunctionKey): number | undefined {
    return this.#places.get(placeOf(key))?.functions.get(key.name)?.reservation?.places;
  }

  /** Of an account and region: invocations of functions without a reservation, and what nobody else can have now. */
  account(key: FunctionKey): { readonly unreserved: number; readonly claimed: number } {
    const { unreserved, shared, kept } = this.#place(key);
    return { unreserved, claimed: shared + kept };
  }

  /** How many environments are made ahead for this version, where there are some, and how many of them are busy. */
  provisionedUse(version: FunctionVersion): { readonly allocated: number; readonly busy: number } | undefined {
    const use = this.#places.get(placeOf(version))?.functions.get(version.name);
    const allocated = use?.provisioned.get(version.version);
    if (use === undefined || allocated === undefined) return undefined;
    return { allocated, busy: Math.min(allocated, use.underWay.get(version.version) ?? 0) };
  }

  #refusal(place: Place, use: Use, { spills, background }: { spills: boolean; background: boolean }) {
    const { reservation } = use;
    if (reservation === undefined) {
      const full = spills && (place.shared >= this.#parts.limit - place.kept || !this.#mayGrow(use));
      return full ? 'ConcurrentInvocationLimitExceeded' : undefined;
    }
    if (spills && use.spilled >= reservation.places - sumOf(use.provisioned)) {
      return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    }
    if (spills && !this.#mayGrow(use)) return 'ReservedFunctionConcurrentInvocationLimitExceeded';
    // The rate is one of callers that wait: events from the queue have none on AWS.
    if (background || reservation.rate.allows(this.#parts.clock.monotonic())) return undefined;
    return 'ReservedFunctionInvocationRateLimitExceeded';
  }

  /** As if it grew, which it does unless another rule refuses. */
  #mayGrow(use: Use): boolean {
    if (use.spilled < use.peak) return true;
    if (!use.growth.allows(this.#parts.clock.monotonic())) return false;
    use.peak = use.spilled + 1;
    return true;
  }

  /** What is under way counts where it belongs after the change. */
  #change(key: FunctionKey, change: (use: Use) => void): void {
    const place = this.#place(key);
    const use = this.#useOf(place, key.name);
    place.kept -= keptFor(use);
    spill(place, use, -use.spilled);
    if (use.reservation === undefined) place.unreserved -= sumOf(use.underWay);
    change(use);
    if (use.reservation === undefined) place.unreserved += sumOf(use.underWay);
    place.kept += keptFor(use);
    for (const [version, count] of use.underWay) {
      spill(place, use, Math.max(0, count - (use.provisioned.get(version) ?? 0)));
    }
    forgetUnused(place, key.name, use);
  }

  #useOf({ functions }: Place, name: string): Use {
    const known = functions.get(name);
    if (known !== undefined) return known;
    const growth = new Rate(growthPerSecond, this.#parts.clock.monotonic(), growthMax);
    const use = {
      ...{ underWay: new Map(), provisioned: nothingProvisioned, reservation: undefined, spilled: 0 },
      ...{ peak: 0, growth },
    };
    functions.set(name, use);
    return use;
  }

  #place(key: FunctionKey): Place {
    const name = placeOf(key);
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = { functions: new Map<string, Use>(), kept: 0, shared: 0, unreserved: 0 };
    this.#places.set(name, place);
    return place;
  }
}

function placeOf({ accountId, region }: FunctionKey): string {
  return `${accountId}/${region}`;
}

function spill(place: Place, use: Use, by: number): void {
  use.spilled += by;
  if (use.reservation === undefined) place.shared += by;
}

function keptFor({ reservation, provisioned }: Use): number {
  return reservation?.places ?? sumOf(provisioned);
}

function sumOf(numbers: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const number of numbers.values()) sum += number;
  return sum;
}

function forgetUnused({ functions }: Place, name: string, use: Use): void {
  if (use.underWay.size === 0 && use.reservation === undefined && use.provisioned.size === 0) functions.delete(name);
}
