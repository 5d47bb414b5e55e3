/** Says when a month has cost as much as somebody set: a line in the log, and an event for a function. Once a threshold and month. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import type { UsageLedger } from '../invoke/meter.ts';
import { put, type ResourceStore } from '../model/resources.ts';
import { type MonthlyBill, monthlyBills } from '../model/usage.ts';

const lookMs = 15_000;

export interface BudgetWatchParts {
  /** Dollars a month, by the price after the free tier. */
  readonly budgets: readonly number[];
  readonly usage: Pick<UsageLedger, 'usage'>;
  /** Brings the ledger up to now. */
  settled(): Promise<unknown>;
  /** Durable when it resolves; undefined where nobody is to be told. */
  readonly notify: ((event: Buffer) => Promise<void>) | undefined;
  readonly resources: Pick<ResourceStore, 'get' | 'write'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export class BudgetWatch {
  readonly #parts: BudgetWatchParts;
  #looking: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(parts: BudgetWatchParts) {
    this.#parts = parts;
  }

  begin(): void {
    if (this.#parts.budgets.length > 0) this.#again(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#looking;
  }

  #again(waitMs: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#parts.clock.after(waitMs, () => {
      this.#looking = this.#look().finally(() => this.#again(lookMs));
    });
  }

  /** What could not be told is tried again at the next look. */
  async #look(): Promise<void> {
    const { budgets, usage, settled, resources, clock, log } = this.#parts;
    const month = new Date(clock.now()).toISOString().slice(0, 7);
    try {
      await settled();
      const [bill] = monthlyBills(usage.usage({ fromDay: `${month}-01`, toDay: `${month}-31` }));
      for (const budget of budgets) {
        if (bill === undefined || bill.afterFreeTier.total < budget) continue;
        if (resources.get('budget-raised', keyOf(month, budget)) === undefined) await this.#raise(bill, budget);
      }
    } catch (error) {
      log.error('Cannot look after the budgets', { why: String(error) });
    }
  }

  /** A `kill -9` between the two writes tells it a second time, rather than never. */
  async #raise(bill: MonthlyBill, budget: number): Promise<void> {
    const { notify, resources, clock, random, log } = this.#parts;
    const { month, afterFreeTier } = bill;
    const at = clock.now();
    await notify?.(Buffer.from(JSON.stringify(eventOf(bill, { budget, at, id: random.uuid() }))));
    const raised = { spent: afterFreeTier.total, raisedAt: at };
    await resources.write([put('budget-raised', keyOf(month, budget), raised)]);
    log.warn('AWS would have charged as much as the budget', { month, budget, spent: afterFreeTier.total.toFixed(6) });
  }
}

function keyOf(month: string, budget: number) {
  return { accountId: '', region: '', owner: month, name: String(budget) };
}

/** In the shape in which EventBridge delivers events. */
function eventOf(bill: MonthlyBill, { budget, at, id }: { budget: number; at: number; id: string }) {
  const { month, requests, gbSecondsX86, gbSecondsArm, listPrice, afterFreeTier } = bill;
  return {
    version: '0',
    id,
    'detail-type': 'Budget Reached',
    source: 'lambent.budget',
    time: new Date(at).toISOString(),
    resources: [],
    detail: {
      month,
      budget,
      currency: 'USD',
      requests,
      gbSeconds: gbSecondsX86 + gbSecondsArm,
      listPrice,
      afterFreeTier,
    },
  };
}
