/** For tests: SQS on a store of its own and a clock that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { SqsTypes } from '../../../aws/models/sqs.types.ts';
import type { RequestContext } from '../../../aws/operation.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { silentLog } from '../../../observe/log.ts';
import { openStore, type Store } from '../../../store/open.ts';
import { createSqsTable } from '../api/table.ts';
import { createSqs, type Sqs } from '../sqs.ts';

type Input<Name extends keyof SqsTypes> = SqsTypes[Name]['input'];
type Output<Name extends keyof SqsTypes> = SqsTypes[Name]['output'];

export interface Scene {
  readonly clock: ManualClock;
  readonly sqs: Sqs;
  readonly store: Store;
  call<Name extends keyof SqsTypes>(
    name: Name,
    input: Input<Name>,
    more?: Partial<RequestContext>,
  ): Promise<Output<Name>>;
  /** A queue's URL. */
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  /** As a new process would find it. */
  restart(): Promise<void>;
}

export const accountId = '000000000000';

export async function scene(t: TestContext, clock = new ManualClock()): Promise<Scene> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-sqs-'));
  let { store, sqs } = await open(dataDir, clock);
  t.after(async () => {
    await sqs.stop();
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const call: Scene['call'] = async (name, input, more = {}) => {
    const context = { ...defaults, headers: {}, signal: new AbortController().signal, ...more } as RequestContext; // all that SQS reads
    const table: Record<string, { handle(input: unknown, context: RequestContext): unknown }> = createSqsTable(sqs);
    return (await table[name]?.handle(input, context)) as never;
  };
  return {
    clock,
    get sqs() {
      return sqs;
    },
    get store() {
      return store;
    },
    call,
    async queue(name, Attributes) {
      return (await call('CreateQueue', { QueueName: name, Attributes })).QueueUrl ?? '';
    },
    async restart() {
      await sqs.stop();
      await store.close();
      ({ store, sqs } = await open(dataDir, clock));
    },
  };
}

const defaults = {
  accountId,
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
  principal: { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` },
};

async function open(dataDir: string, clock: ManualClock) {
  const store = await openStore({ dataDir, clock, log: silentLog });
  const { serverSecret } = store;
  return { store, sqs: createSqs({ ...store.sqs, serverSecret, clock, random: systemRandom, log: silentLog }) };
}
