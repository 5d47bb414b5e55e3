/** SNS put together. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { SqliteDeliveries } from '../../store/deliveries/deliveries.ts';
import type { TopicStore } from '../../store/sns/topics.ts';
import { tokenMsMax } from './confirmation.ts';
import type { SnsParts } from './parts.ts';
import { Publishing } from './publishing.ts';
import { Signer } from './signer.ts';

export interface SnsOptions {
  readonly store: TopicStore;
  readonly deliveries: SqliteDeliveries;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Sns extends SnsParts {
  /** Begins what goes on in the background. */
  start(): void;
  stop(): void;
}

const forgetEveryMs = 300_000;

/** Identities of messages, and subscriptions that nobody confirmed in time. */
async function forgetOld(store: TopicStore, now: number): Promise<void> {
  await store.forgetPublished(now);
  const late = [...store.subscriptions()].filter(
    ({ token, createdAt }) => token !== undefined && now - createdAt > tokenMsMax,
  );
  for (const subscription of late) await store.deleteSubscription(subscription);
}

export function createSns(options: SnsOptions): Sns {
  const { store, clock } = options;
  const signer = new Signer(options);
  let cancel = () => {};
  const forget = () => {
    forgetOld(store, clock.now()).catch(() => {}); // what is left is only some rows too many
    cancel = clock.after(forgetEveryMs, forget);
  };
  return {
    ...options,
    signer,
    publishing: new Publishing({ ...options, signer }),
    start: forget,
    stop: () => cancel(),
  };
}
