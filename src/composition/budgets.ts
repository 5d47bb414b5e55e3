import { acceptEvents } from '../lambda/invoke/accept.ts';
import type { AsyncPump } from '../lambda/invoke/async-pump.ts';
import { BudgetWatch } from '../lambda/reconcile/budget-watch.ts';
import type { Base } from './base.ts';

/** Watches the ledger. Whom it tells was chosen by whoever starts the server: no policy of the target is asked. */
export function budgetWatch(base: Base, pump: AsyncPump): BudgetWatch {
  const { settings, store, clock, random, log } = base;
  const { budget: budgets, budgetNotify: target } = settings;
  const tell = target.includes(':lambda:') ? toFunction(base, pump) : toQueueOrTopic(base);
  return new BudgetWatch({
    budgets,
    usage: store.usage,
    settled: () => store.logs.read(),
    notify: target === '' ? undefined : (event) => tell(target, event),
    resources: store.resources,
    clock,
    random,
    log,
  });
}

function toFunction({ store, clock, random }: Base, pump: AsyncPump) {
  const { functions, resources, async } = store;
  const accept = acceptEvents({
    sources: { functions, resources, random },
    async,
    mayInvoke: () => true,
    clock,
    random,
    accepted: () => pump.look(),
  });
  return (functionArn: string, payload: Buffer) => accept({ functionArn, service: 'budgets.amazonaws.com', payload });
}

/** Through the outbox, in the name of the target's own account. */
function toQueueOrTopic({ store }: Base) {
  return async (target: string, event: Buffer) => {
    const accountId = target.split(':')[4] ?? '';
    const source = { service: 'lambda.amazonaws.com', arn: `arn:aws:iam::${accountId}:root`, accountId };
    await store.deliveries.add([{ target, source, subject: 'Lambent: a budget was reached', body: event.toString() }]);
  };
}
