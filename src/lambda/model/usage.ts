/** What is counted of a function for the bill, and how days become months. */
import { freeTier, type Price, priceOf } from './price.ts';

/** One function version's numbers, of one day. */
export interface UsageRow {
  readonly functionName: string;
  readonly version: string;
  /** `2026-11-23`, UTC. */
  readonly day: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly requests: number;
  /** What AWS counts as further requests: each begun 64 KB of an asynchronous event beyond its first 256. */
  readonly extraRequests: number;
  readonly billedMs: number;
  /** Of all invocations, those in provisioned environments with them. */
  readonly gbSeconds: number;
  readonly initMs: number;
  readonly streamedBytes: number;
  /** Of these, what each response had beyond its first 6 MB. */
  readonly streamedExtraBytes: number;
  /** Of the requests, those that ran in provisioned environments. */
  readonly provisionedRequests: number;
  readonly provisionedGbSeconds: number;
  /** Provisioned environments that were there, busy or not. */
  readonly allocatedGbSeconds: number;
  /** Of `/tmp`, beyond 512 MB. */
  readonly storageGbSeconds: number;
}

/** A month of all functions together, as it is priced. */
export interface MonthlyUsage {
  /** `2026-11`. */
  readonly month: string;
  /** With the further ones. */
  readonly requests: number;
  readonly billedMs: number;
  /** In environments that nobody provisioned. */
  readonly gbSecondsX86: number;
  readonly gbSecondsArm: number;
  readonly initMs: number;
  readonly streamedBytes: number;
  readonly streamedExtraBytes: number;
  readonly provisionedRequests: number;
  readonly provisionedGbSecondsX86: number;
  readonly provisionedGbSecondsArm: number;
  readonly allocatedGbSecondsX86: number;
  readonly allocatedGbSecondsArm: number;
  readonly storageGbSeconds: number;
}

export interface MonthlyBill extends MonthlyUsage {
  /** Before the free tier. */
  readonly listPrice: Price;
  readonly afterFreeTier: Price;
  readonly freeTier: ReturnType<typeof freeTier>;
}

/** Ascending. */
export function monthlyBills(rows: readonly UsageRow[]): MonthlyBill[] {
  const months = [...Map.groupBy(rows, ({ day }) => day.slice(0, 7))].sort(([a], [b]) => a.localeCompare(b));
  return months.map(([month, inMonth]) => billOf(monthOf(month, inMonth)));
}

function billOf(usage: MonthlyUsage): MonthlyBill {
  return { ...usage, ...priceOf(usage), freeTier: freeTier(usage) };
}

/** Of no days: one in which nothing ran. */
export function monthOf(month: string, rows: readonly UsageRow[]): MonthlyUsage {
  const sum = (value: (row: UsageRow) => number) => rows.reduce((total, row) => total + value(row), 0);
  const of = (architecture: UsageRow['architecture'], value: (row: UsageRow) => number) =>
    sum((row) => (row.architecture === architecture ? value(row) : 0));
  const onDemand = (row: UsageRow) => row.gbSeconds - row.provisionedGbSeconds;
  const provisioned = (row: UsageRow) => row.provisionedGbSeconds;
  const allocated = (row: UsageRow) => row.allocatedGbSeconds;
  return {
    month,
    requests: sum((row) => row.requests + row.extraRequests),
    billedMs: sum((row) => row.billedMs),
    gbSecondsX86: of('x86_64', onDemand),
    gbSecondsArm: of('arm64', onDemand),
    initMs: sum((row) => row.initMs),
    streamedBytes: sum((row) => row.streamedBytes),
    streamedExtraBytes: sum((row) => row.streamedExtraBytes),
    provisionedRequests: sum((row) => row.provisionedRequests),
    provisionedGbSecondsX86: of('x86_64', provisioned),
    provisionedGbSecondsArm: of('arm64', provisioned),
    allocatedGbSecondsX86: of('x86_64', allocated),
    allocatedGbSecondsArm: of('arm64', allocated),
    storageGbSeconds: sum((row) => row.storageGbSeconds),
  };
}
