import type { MeteredAllocation, MeteredInvocation, MeteredVersion } from '../../lambda/invoke/meter.ts';
import { syncPayloadBytes } from '../../lambda/model/limits.ts';
import type { Statement } from '../sqlite/unit.ts';

/** More columns of the ledger, and its months. A further step of lambent.db. */
export const usageSchema = `
  ALTER TABLE usage ADD COLUMN extra_requests INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN init_us INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN streamed_bytes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN streamed_extra_bytes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN provisioned_requests INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN provisioned_megabyte_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN allocated_megabyte_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN storage_megabyte_ms INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX usage_day ON usage (day);
`;

/** In the order of `columns`. All are whole numbers, so that sums are exact. */
interface Sum {
  requests: number;
  extraRequests: number;
  billedMs: number;
  megabyteMs: number;
  initUs: number;
  streamedBytes: number;
  streamedExtraBytes: number;
  provisionedRequests: number;
  provisionedMegabyteMs: number;
  allocatedMegabyteMs: number;
  storageMegabyteMs: number;
}

const columns = [
  'requests',
  'extra_requests',
  'billed_ms',
  'megabyte_ms',
  'init_us',
  'streamed_bytes',
  'streamed_extra_bytes',
  'provisioned_requests',
  'provisioned_megabyte_ms',
  'allocated_megabyte_ms',
  'storage_megabyte_ms',
] as const;

const zero: Sum = {
  requests: 0,
  extraRequests: 0,
  billedMs: 0,
  megabyteMs: 0,
  initUs: 0,
  streamedBytes: 0,
  streamedExtraBytes: 0,
  provisionedRequests: 0,
  provisionedMegabyteMs: 0,
  allocatedMegabyteMs: 0,
  storageMegabyteMs: 0,
};

interface Row {
  readonly key: readonly string[];
  readonly sum: Sum;
}

const upsert = `
  INSERT INTO usage (account, region, function, version, architecture, day, ${columns.join(', ')})
  VALUES (?, ?, ?, ?, ?, ?, ${columns.map(() => '?').join(', ')})
  ON CONFLICT DO UPDATE SET ${columns.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`;

/** What was metered since the last write, as the ledger sums it. */
export class UsageSums {
  readonly #rows = new Map<string, Row>();

  get empty(): boolean {
    return this.#rows.size === 0;
  }

  add(invocation: MeteredInvocation): void {
    const { billedMs, memorySizeMb, initMs = 0, streamedBytes = 0, extraStorageMb = 0 } = invocation;
    const sum = this.#of(invocation, invocation.finishedAt);
    sum.requests += 1;
    sum.extraRequests += invocation.extraRequests ?? 0;
    sum.billedMs += billedMs;
    sum.megabyteMs += billedMs * memorySizeMb;
    sum.initUs += Math.round(initMs * 1000);
    sum.streamedBytes += streamedBytes;
    sum.streamedExtraBytes += Math.max(0, streamedBytes - syncPayloadBytes);
    sum.storageMegabyteMs += billedMs * extraStorageMb;
    if (invocation.provisioned !== true) return;
    sum.provisionedRequests += 1;
    sum.provisionedMegabyteMs += billedMs * memorySizeMb;
  }

  allocated(allocation: MeteredAllocation): void {
    this.#of(allocation, allocation.at).allocatedMegabyteMs += allocation.allocatedMs * allocation.memorySizeMb;
  }

  statements(): Statement[] {
    return [...this.#rows.values()].map(({ key, sum }) => ({ sql: upsert, params: [...key, ...Object.values(sum)] }));
  }

  #of({ accountId, region, functionName, version, architecture }: MeteredVersion, at: number): Sum {
    const key = [accountId, region, functionName, version, architecture, dayOf(at)];
    const name = key.join('\n');
    const known = this.#rows.get(name);
    if (known !== undefined) return known.sum;
    const row = { key, sum: { ...zero } };
    this.#rows.set(name, row);
    return row.sum;
  }
}

const dayMs = 86_400_000;
/** Nearly every invocation ends on the same day as the one before. */
let lastDay = { number: 0, text: '1970-01-01' };

function dayOf(time: number): string {
  const number = Math.floor(time / dayMs);
  if (number !== lastDay.number) lastDay = { number, text: new Date(time).toISOString().slice(0, 10) };
  return lastDay.text;
}
