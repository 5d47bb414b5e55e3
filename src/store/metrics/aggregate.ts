/**
 * What is kept of a metric's values within one minute: enough for every statistic. Percentiles come from buckets whose
 * bounds grow by two percent each, so that they are at most one percent wrong whatever the values are.
 */
export interface Aggregate {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** How many values, by bucket. */
  readonly buckets: Map<number, number>;
}

const growth = Math.log(1.02);
/** Values nearer to zero than this count as zero, which has a bucket of its own. */
const smallest = 1e-9;
/** Keeps negative values below zero's bucket, and positive ones above it. */
const offset = 10_000;

export function emptyAggregate(): Aggregate {
  return { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, buckets: new Map() };
}

export function addValue(to: Aggregate, value: number, times = 1): void {
  to.count += times;
  to.sum += value * times;
  to.min = Math.min(to.min, value);
  to.max = Math.max(to.max, value);
  const bucket = bucketOf(value);
  to.buckets.set(bucket, (to.buckets.get(bucket) ?? 0) + times);
}

/** A set of statistics whose values are not known: it has no part in percentiles. */
export function addStatistics(to: Aggregate, set: Pick<Aggregate, 'count' | 'sum' | 'min' | 'max'>): void {
  to.count += set.count;
  to.sum += set.sum;
  to.min = Math.min(to.min, set.min);
  to.max = Math.max(to.max, set.max);
}

export function merge(to: Aggregate, from: Aggregate): void {
  addStatistics(to, from);
  for (const [bucket, times] of from.buckets) to.buckets.set(bucket, (to.buckets.get(bucket) ?? 0) + times);
}

/** The value below which `percent` of the values lie; undefined when some values are not known. */
export function percentile({ buckets, count, min, max }: Aggregate, percent: number): number | undefined {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const known = sorted.reduce((sum, [, times]) => sum + times, 0);
  // A set of one value, or of equal ones, says all there is to say.
  if (known < count) return min === max ? min : undefined;
  if (percent === 0) return min;
  if (percent === 100) return max;
  let left = (percent / 100) * known;
  for (const [bucket, times] of sorted) {
    left -= times;
    if (left <= 0) return Math.min(max, Math.max(min, middleOf(bucket)));
  }
  return max;
}

/** Most values are counts, and small: their buckets are known. */
const small = Uint16Array.from({ length: 256 }, (_, value) => computedBucket(value));

/** A fraction is no index: an array would make a property's name of it first, which takes longer than the logarithm. */
function bucketOf(value: number): number {
  return (Number.isInteger(value) ? small[value] : undefined) ?? computedBucket(value);
}

function computedBucket(value: number): number {
  if (Math.abs(value) < smallest) return 0;
  const size = Math.round(Math.log(Math.abs(value)) / growth) + offset;
  return value < 0 ? -size : size;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const value = Math.exp((Math.abs(bucket) - offset) * growth);
  return bucket < 0 ? -value : value;
}
