/**
 * Counts what keys use under their plans. Every request counts, and none waits for the disk: what was counted is written a
 * little later, so that a server that is killed forgets the last moment, in favour of the keys' owners.
 */
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../observe/log.ts';
import type { UsageRecord } from '../../store/restapis/rest-record.ts';
import type { RestStore } from '../../store/restapis/rest-store.ts';
import { dayOf } from './usage-period.ts';

const writtenAfterMs = 1000;
/** A quota looks back a month at most, GetUsage ninety days. */
const daysKept = 95;

export interface UsageKey {
  readonly planId: string;
  readonly keyId: string;
}

export interface UsageCounterParts {
  readonly rest: RestStore;
  readonly clock: Clock;
  readonly log: Log;
}

export class UsageCounter {
  readonly #parts: UsageCounterParts;
  /** What is ahead of the store. */
  readonly #fresh = new Map<string, UsageRecord>();
  #writing: (() => void) | undefined;

  constructor(parts: UsageCounterParts) {
    this.#parts = parts;
  }

  of(planId: string, keyId: string): Pick<UsageRecord, 'days' | 'extra'> {
    const id = `${planId}/${keyId}`;
    return this.#fresh.get(id) ?? this.#parts.rest.usage.get(id) ?? { days: {}, extra: {} };
  }

  count(key: UsageKey): void {
    const { clock } = this.#parts;
    const today = dayOf(clock.now());
    const before = this.of(key.planId, key.keyId);
    const used = Object.hasOwn(before.days, today) ? (before.days[today] ?? 0) : 0;
    const days = used > 0 ? before.days : recent(before.days, clock.now());
    this.#put(key, { ...before, days: { ...days, [today]: used + 1 } });
    this.#writing ??= clock.after(writtenAfterMs, () => void this.write());
  }

  /** Durable when it resolves. */
  async grant(key: UsageKey, start: string, extra: number): Promise<void> {
    this.#put(key, { ...this.of(key.planId, key.keyId), extra: { [start]: extra } });
    await this.#flush();
  }

  /** At the end of the server too. */
  async write(): Promise<void> {
    this.#writing?.();
    this.#writing = undefined;
    await this.#flush().catch((error) =>
      this.#parts.log.error('Cannot write usage of API keys', { why: String(error) }),
    );
  }

  #put({ planId, keyId }: UsageKey, counted: Pick<UsageRecord, 'days' | 'extra'>): void {
    const plan = this.#parts.rest.plans.get(planId);
    // The plan is gone while a request was on its way.
    if (plan === undefined) return;
    const { accountId, region, createdAt } = plan;
    this.#fresh.set(`${planId}/${keyId}`, { id: `${planId}/${keyId}`, accountId, region, createdAt, ...counted });
  }

  /** A key may have left its plan meanwhile. */
  #isUsed(id: string): boolean {
    const [planId = '', keyId = ''] = id.split('/');
    return this.#parts.rest.plans.get(planId)?.keyIds.includes(keyId) === true;
  }

  async #flush(): Promise<void> {
    const { rest } = this.#parts;
    for (const id of this.#fresh.keys()) if (!this.#isUsed(id)) this.#fresh.delete(id);
    const records = [...this.#fresh.values()];
    await rest.commit(records.map((each) => rest.usage.put(each)));
    for (const record of records) if (this.#fresh.get(record.id) === record) this.#fresh.delete(record.id);
  }
}

function recent(days: UsageRecord['days'], now: number): UsageRecord['days'] {
  const first = dayOf(now - daysKept * 86_400_000);
  return Object.fromEntries(Object.entries(days).filter(([day]) => day >= first));
}
