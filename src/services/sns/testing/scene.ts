/** For tests: SNS on a store of its own and a clock that the test moves; what it hands to the outbox can be looked at. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { SnsTypes } from '../../../aws/models/sns.types.ts';
import type { RequestContext } from '../../../aws/operation.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import type { Delivery } from '../../../delivery/parcel.ts';
import { silentLog } from '../../../observe/log.ts';
import { openStore, type Store } from '../../../store/open.ts';
import { createSnsTable } from '../api/table.ts';
import { createSns, type Sns } from '../sns.ts';

export interface Scene {
  readonly clock: ManualClock;
  readonly sns: Sns;
  call<Name extends keyof SnsTypes>(
    name: Name,
    input: SnsTypes[Name]['input'],
    more?: Partial<RequestContext>,
  ): Promise<SnsTypes[Name]['output']>;
  /** A topic's ARN. */
  topic(name: string, attributes?: Record<string, string>): Promise<string>;
  /** Takes what waits to be brought, as the outbox would, and calls it brought. */
  delivered(): Promise<Delivery[]>;
  restart(): Promise<void>;
}

export const accountId = '000000000000';
export const queue = `arn:aws:sqs:us-east-1:${accountId}:q`;
export const function_ = `arn:aws:lambda:us-east-1:${accountId}:function:f`;

export async function scene(t: TestContext): Promise<Scene> {
  const clock = new ManualClock();
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-sns-'));
  let { store, sns } = await open(dataDir, clock);
  t.after(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const call: Scene['call'] = async (name, input, more = {}) => {
    const context = { ...defaults, ...more } as RequestContext; // all that SNS reads
    const table: Record<string, unknown> = createSnsTable(sns);
    const row = table[name] as { handle(input: unknown, context: RequestContext): unknown };
    return (await row.handle(input, context)) as never;
  };
  return {
    clock,
    get sns() {
      return sns;
    },
    call,
    async topic(Name, Attributes) {
      return (await call('CreateTopic', { Name, Attributes })).TopicArn ?? '';
    },
    async delivered() {
      const all: Delivery[] = [];
      for (;;) {
        const claimed = store.deliveries.claim(100, clock.now());
        if (claimed.length === 0) return all;
        all.push(...claimed);
        for (const { id } of claimed) await store.deliveries.settle(id);
      }
    },
    async restart() {
      await store.close();
      ({ store, sns } = await open(dataDir, clock));
    },
  };
}

const defaults = {
  accountId,
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
  headers: {},
  principal: { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` },
};

async function open(dataDir: string, clock: ManualClock): Promise<{ store: Store; sns: Sns }> {
  const store = await openStore({ dataDir, clock, log: silentLog });
  const { topics, deliveries } = store;
  return { store, sns: createSns({ store: topics, deliveries, clock, random: systemRandom }) };
}
