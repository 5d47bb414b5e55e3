/** What AWS would have charged (reference: lambda-semantics 9.1; us-east-1, price list of September 2026). */

export interface MonthlyUsage {
  /** `2026-11`. */
  readonly month: string;
  readonly requests: number;
  readonly gbSecondsX86: number;
  readonly gbSecondsArm: number;
}

export interface Price {
  readonly requests: number;
  readonly compute: number;
  readonly total: number;
}

export const freeRequestsPerMonth = 1_000_000;
export const freeGbSecondsPerMonth = 400_000;
export const dollarsPerRequest = 0.2 / 1e6;

/** Each tier up to this many GB-seconds of a month, and its dollars a GB-second. */
type Tier = readonly [upTo: number, dollars: number];

export const tiersX86: readonly Tier[] = [
  [6e9, 0.000_016_666_7],
  [15e9, 0.000_015],
  [Number.POSITIVE_INFINITY, 0.000_013_333_4],
];

export const tiersArm: readonly Tier[] = [
  [7.5e9, 0.000_013_333_4],
  [18.75e9, 0.000_012_000_1],
  [Number.POSITIVE_INFINITY, 0.000_010_666_7],
];

/** Before the free tier. */
export function listPrice({ requests, gbSecondsX86, gbSecondsArm }: MonthlyUsage): Price {
  return sum(requests * dollarsPerRequest, tiered(gbSecondsX86, tiersX86) + tiered(gbSecondsArm, tiersArm));
}

/** With the free tier, which an account has once a month over all its functions. */
export function billedPrice(usage: MonthlyUsage): Price {
  const seconds = usage.gbSecondsX86 + usage.gbSecondsArm;
  // The free seconds are taken from both architectures in proportion: which go first is not published.
  const charged = seconds === 0 ? 0 : Math.max(0, seconds - freeGbSecondsPerMonth) / seconds;
  return listPrice({
    ...usage,
    requests: Math.max(0, usage.requests - freeRequestsPerMonth),
    gbSecondsX86: usage.gbSecondsX86 * charged,
    gbSecondsArm: usage.gbSecondsArm * charged,
  });
}

function tiered(gbSeconds: number, tiers: readonly Tier[]): number {
  let from = 0;
  let dollars = 0;
  for (const [upTo, rate] of tiers) {
    dollars += Math.max(0, Math.min(gbSeconds, upTo) - from) * rate;
    from = upTo;
  }
  return dollars;
}

function sum(requests: number, compute: number): Price {
  return { requests, compute, total: requests + compute };
}

/** Small amounts keep their first digits: `$0.00000042`, `$1.25`. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0.00';
  if (amount >= 0.01) return `$${amount.toFixed(2)}`;
  const decimals = Math.min(12, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(decimals)}`;
}
