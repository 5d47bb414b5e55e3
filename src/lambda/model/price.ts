/** What AWS would have charged (reference: lambda-semantics 9.1; us-east-1, price list of September 2026). */
import type { MonthlyUsage } from './usage.ts';

/** Dollars. */
export interface Price {
  readonly requests: number;
  readonly compute: number;
  /** Of provisioned concurrency: what was there, and what ran in it. */
  readonly provisioned: number;
  readonly streaming: number;
  readonly storage: number;
  readonly total: number;
}

/** Of each month, over all functions of an account. */
export const freeRequests = 1_000_000;
export const freeGbSeconds = 400_000;
export const freeStreamedBytes = 100 * 1024 ** 3;

const dollarsPerRequest = 0.2 / 1e6;
const dollarsPerStreamedByte = 0.008 / 1024 ** 3;
const dollarsPerStorageGbSecond = 0.000_000_030_9;

interface Rates {
  /** Each tier up to this many GB-seconds of a month, and its dollars a GB-second. */
  readonly tiers: readonly (readonly [upTo: number, dollars: number])[];
  readonly provisioned: number;
  readonly allocated: number;
}

const x86: Rates = {
  tiers: [
    [6e9, 0.000_016_666_7],
    [15e9, 0.000_015],
    [Number.POSITIVE_INFINITY, 0.000_013_333_4],
  ],
  provisioned: 0.000_009_722_2,
  allocated: 0.000_004_166_7,
};

const arm: Rates = {
  tiers: [
    [7.5e9, 0.000_013_333_4],
    [18.75e9, 0.000_012_000_1],
    [Number.POSITIVE_INFINITY, 0.000_010_666_7],
  ],
  provisioned: 0.000_007_777_8,
  allocated: 0.000_003_333_4,
};

export interface Prices {
  /** Before the free tier. */
  readonly listPrice: Price;
  readonly afterFreeTier: Price;
}

export function priceOf(usage: MonthlyUsage): Prices {
  return { listPrice: listed(usage), afterFreeTier: listed(withoutFree(usage)) };
}

/** How much of each free allowance is gone; what runs in provisioned environments is never free. */
export function freeTier(usage: MonthlyUsage) {
  return {
    requests: { used: usage.requests - usage.provisionedRequests, of: freeRequests },
    gbSeconds: { used: usage.gbSecondsX86 + usage.gbSecondsArm, of: freeGbSeconds },
    streamedBytes: { used: usage.streamedExtraBytes, of: freeStreamedBytes },
  };
}

function withoutFree(usage: MonthlyUsage): MonthlyUsage {
  const { requests, gbSeconds } = freeTier(usage);
  // The free seconds are taken from both architectures in proportion: which go first is not published.
  const charged = gbSeconds.used === 0 ? 0 : Math.max(0, gbSeconds.used - freeGbSeconds) / gbSeconds.used;
  return {
    ...usage,
    requests: usage.provisionedRequests + Math.max(0, requests.used - freeRequests),
    gbSecondsX86: usage.gbSecondsX86 * charged,
    gbSecondsArm: usage.gbSecondsArm * charged,
    streamedExtraBytes: Math.max(0, usage.streamedExtraBytes - freeStreamedBytes),
  };
}

function listed(usage: MonthlyUsage): Price {
  const price = {
    requests: usage.requests * dollarsPerRequest,
    compute: tiered(usage.gbSecondsX86, x86) + tiered(usage.gbSecondsArm, arm),
    provisioned:
      usage.provisionedGbSecondsX86 * x86.provisioned +
      usage.allocatedGbSecondsX86 * x86.allocated +
      usage.provisionedGbSecondsArm * arm.provisioned +
      usage.allocatedGbSecondsArm * arm.allocated,
    streaming: usage.streamedExtraBytes * dollarsPerStreamedByte,
    storage: usage.storageGbSeconds * dollarsPerStorageGbSecond,
  };
  return { ...price, total: Object.values(price).reduce((sum, dollars) => sum + dollars, 0) };
}

function tiered(gbSeconds: number, { tiers }: Rates): number {
  let from = 0;
  let dollars = 0;
  for (const [upTo, rate] of tiers) {
    dollars += Math.max(0, Math.min(gbSeconds, upTo) - from) * rate;
    from = upTo;
  }
  return dollars;
}
