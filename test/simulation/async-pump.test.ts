import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../src/base/manual-clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { Admission } from '../../src/lambda/invoke/admit.ts';
import { AsyncMetrics } from '../../src/lambda/invoke/async-metrics.ts';
import { AsyncPump } from '../../src/lambda/invoke/async-pump.ts';
import type { Delivery } from '../../src/lambda/invoke/delivery.ts';
import type { InvokeResult } from '../../src/lambda/invoke/door.ts';
import { InvocationMetrics } from '../../src/lambda/invoke/metrics.ts';
import { sinkTo } from '../../src/lambda/invoke/testing/metric-sink.ts';
import type { EventInvokeConfig } from '../../src/lambda/model/event-invoke-config.ts';
import { silentLog } from '../../src/observe/log.ts';
import { SqliteAsyncEvents } from '../../src/store/sqlite/async-events.ts';
import { memoryDocuments } from '../../src/store/testing/memory.ts';
import { aVersion } from './world.ts';

const failure: InvokeResult = { kind: 'function-error', payload: Buffer.from('{}') };
const throttled: InvokeResult = { kind: 'throttled', reason: 'ConcurrentInvocationLimitExceeded' };

interface Options {
  readonly config?: Partial<EventInvokeConfig>;
  readonly places?: number;
  readonly deadLetters?: string;
  /** Writes fail while it is full. */
  readonly disk?: { full: boolean };
  /** What a queue says to each delivery, from the first on. */
  readonly queue?: readonly ('delivered' | 'trouble' | { refused: string })[];
}

function scene(
  answer: (attempt: number) => InvokeResult | Promise<InvokeResult>,
  { config, places, deadLetters, disk, queue = [] }: Options = {},
) {
  const clock = new ManualClock();
  const { database, writer } = memoryDocuments();
  const plain = aVersion();
  const stored = { DeadLetterConfig: deadLetters === undefined ? undefined : { TargetArn: deadLetters } };
  const version = { ...plain, configuration: { ...plain.configuration, stored } };
  const deliveries: { delivery: Delivery; body: string; at: number }[] = [];
  const attemptedAt: number[] = [];
  const told: unknown[] = [];
  const counted: Record<string, number> = {};
  const metrics = new InvocationMetrics(
    sinkTo(({ name, value, dimensions }) => {
      if (dimensions.length === 0) counted[name] = (counted[name] ?? 0) + value;
    }),
    new Admission({ limit: 10, clock }),
  );
  const start = clock.now();
  const newPump = () =>
    new AsyncPump({
      // A new one forgets what was only claimed, as a new process does.
      store: new SqliteAsyncEvents(database, {
        write: (unit) => (disk?.full ? Promise.reject(new Error('the disk is full')) : writer.write(unit)),
      }),
      clock,
      random: systemRandom,
      log: silentLog,
      metrics: new AsyncMetrics(() => metrics),
      concurrencyMax: 8,
      places: ({ name }) => (name === version.name ? places : undefined),
      config: ({ functionName }) => (functionName === version.name ? { lastModified: 0, ...config } : undefined),
      resolve: ({ functionName }) => (functionName === 'gone' ? undefined : version),
      targets: {
        reaches: (arn) => arn.includes(':sqs:'),
        mayTell: () => true,
        deliver: async (delivery, { payload }) => {
          deliveries.push({ delivery, body: payload.toString(), at: (clock.now() - start) / 1000 });
          const answer = queue[deliveries.length - 1] ?? 'delivered';
          if (answer === 'trouble') throw new Error('the disk is full');
          return answer;
        },
      },
      door: {
        invoke: async ({ payload, invokedArn }) => {
          if (invokedArn.includes('listener')) {
            told.push(JSON.parse(payload.toString()));
            return { kind: 'success', payload: Buffer.from('1') };
          }
          attemptedAt.push((clock.now() - start) / 1000);
          return answer(attemptedAt.length);
        },
      },
    });
  const accept = (id: string) =>
    new SqliteAsyncEvents(database, writer).add({
      id,
      accountId: version.accountId,
      region: version.region,
      functionName: version.name,
      payload: Buffer.from('{"a":1}'),
      acceptedAt: clock.now(),
      attempts: 0,
      nextAttemptAt: clock.now(),
    });
  const left = () => new SqliteAsyncEvents(database, writer).count();
  return { clock, newPump, attemptedAt, told, deliveries, counted, accept, left };
}

test('an accepted event runs once and is forgotten', async () => {
  const { clock, newPump, attemptedAt, accept, left } = scene(() => ({ kind: 'success', payload: Buffer.from('1') }));
  await accept('a');
  newPump().look();
  await clock.advance(1_000);
  assert.deepEqual([attemptedAt, left()], [[0], 0]);
});

test('a function error is tried again after one minute and then after two, and then dropped', async () => {
  const { clock, newPump, attemptedAt, accept, left } = scene(() => failure);
  await accept('a');
  newPump().look();
  await clock.advance(3_600_000);
  assert.deepEqual([attemptedAt, left()], [[0, 60, 180], 0]);
});

test('throttles do not count as attempts; the waits grow to five minutes, until six hours have passed', async () => {
  const { clock, newPump, attemptedAt, accept, left } = scene(() => throttled);
  await accept('a');
  newPump().look();
  await clock.advance(7 * 3_600_000);
  assert.deepEqual(attemptedAt.slice(0, 5), [0, 1, 2, 4, 8]);
  const last = attemptedAt.at(-1) ?? 0;
  assert.ok(last > 21_000 && last <= 21_600, `the last attempt came after ${last} s`);
  assert.equal(left(), 0);
});

test('a function alone has half of the places, and all of its events run', async () => {
  let running = 0;
  let most = 0;
  const world = scene(async () => {
    running += 1;
    most = Math.max(most, running);
    await world.clock.sleep(100);
    running -= 1;
    return { kind: 'success', payload: Buffer.from('1') };
  });
  for (let n = 0; n < 21; n += 1) await world.accept(`e-${n}`);
  world.newPump().look();
  await world.clock.advance(10_000);
  assert.deepEqual([most, world.attemptedAt.length, world.left()], [4, 21, 0]);
});

test('what had not been settled when the process ended runs after the next start', async () => {
  const { clock, newPump, attemptedAt, accept, left } = scene((attempt) =>
    attempt === 1 ? new Promise<never>(() => {}) : { kind: 'success', payload: Buffer.from('1') },
  );
  await accept('a');
  newPump().look();
  await clock.advance(10);
  newPump().look();
  await clock.advance(10);
  assert.deepEqual([attemptedAt.length, left()], [2, 0]);
});

test('an end that the disk has no room for is kept later, and its event runs no second time for that', async () => {
  const disk = { full: true };
  const answer = (attempt: number): InvokeResult =>
    attempt === 1 ? failure : { kind: 'success', payload: Buffer.from('1') };
  const { clock, newPump, attemptedAt, accept, left } = scene(answer, { disk });
  await accept('a');
  newPump().look();
  await clock.advance(10_000);
  disk.full = false;
  await clock.advance(60_000);
  assert.deepEqual([attemptedAt, left()], [[0, 60], 0]);
});

const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

test('retries end where the configuration says so', async () => {
  for (const [maximumRetryAttempts, expected] of [
    [0, [0]],
    [1, [0, 60]],
    [2, [0, 60, 180]],
  ] as const) {
    const { clock, newPump, attemptedAt, accept, left } = scene(() => failure, { config: { maximumRetryAttempts } });
    await accept('a');
    newPump().look();
    await clock.advance(3_600_000);
    assert.deepEqual([attemptedAt, left()], [expected, 0]);
  }
});

test('an event that would be too old at its next attempt ends with the answer of its last', async () => {
  const config = { maximumEventAgeSeconds: 60, onFailure: arn('listener') };
  const { clock, newPump, attemptedAt, told, accept } = scene(() => failure, { config });
  await accept('a');
  newPump().look();
  await clock.advance(3_600_000);
  assert.deepEqual(attemptedAt, [0]);
  assert.partialDeepStrictEqual(told, [
    { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 1 }, responsePayload: {} },
  ]);
});

test('throttles end at the age that is configured', async () => {
  const { clock, newPump, attemptedAt, accept, left } = scene(() => throttled, {
    config: { maximumEventAgeSeconds: 60 },
  });
  await accept('a');
  newPump().look();
  await clock.advance(3_600_000);
  assert.deepEqual([attemptedAt, left()], [[0, 1, 2, 4, 8, 16, 32], 0]);
});

test('destinations are told how an event ended, in words of AWS', async () => {
  const answers: InvokeResult[] = [failure, { kind: 'success', payload: Buffer.from('{"b":2}') }];
  const config = { onSuccess: arn('listener:live'), onFailure: arn('listener') };
  const { clock, newPump, told, accept, left } = scene((n) => answers[n - 1] ?? failure, { config });
  await accept('a');
  newPump().look();
  await clock.advance(3_600_000);
  assert.deepEqual(told, [
    {
      version: '1.0',
      timestamp: '2026-01-01T00:01:00.000Z',
      requestContext: {
        requestId: 'a',
        functionArn: arn('f:$LATEST'),
        condition: 'Success',
        approximateInvokeCount: 2,
      },
      requestPayload: { a: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { b: 2 },
    },
  ]);
  assert.equal(left(), 0);
});

test('a function for which nothing is reserved runs nothing: its events fail at once', async () => {
  const { clock, newPump, attemptedAt, told, accept } = scene(() => failure, {
    config: { onFailure: arn('listener') },
    places: 0,
  });
  await accept('a');
  newPump().look();
  await clock.advance(10);
  assert.deepEqual(attemptedAt, []);
  assert.deepEqual(told, [
    {
      version: '1.0',
      timestamp: '2026-01-01T00:00:00.000Z',
      requestContext: {
        requestId: 'a',
        functionArn: arn('f:$LATEST'),
        condition: 'ZeroReservedConcurrency',
        approximateInvokeCount: 0,
      },
      requestPayload: { a: 1 },
    },
  ]);
});

test('a chain that was stopped is not tried again', async () => {
  const { clock, newPump, attemptedAt, told, accept } = scene(() => ({ kind: 'recursive' }), {
    config: { onFailure: arn('listener') },
  });
  await accept('a');
  newPump().look();
  await clock.advance(3_600_000);
  assert.deepEqual([attemptedAt.length, told.length], [1, 1]);
});

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:failed';

test('what failed for good goes to the dead letter queue as it came, and to the destination in its envelope', async () => {
  const payload = Buffer.from(JSON.stringify({ errorMessage: 'x'.repeat(2000) }));
  const { clock, newPump, deliveries, accept, left } = scene(() => ({ kind: 'function-error', payload }), {
    config: { maximumRetryAttempts: 0, onFailure: queueArn },
    deadLetters: queueArn,
  });
  await accept('a');
  newPump().look();
  await clock.advance(1_000);
  assert.deepEqual([deliveries.length, left()], [2, 0]);
  const letter = deliveries.find(({ delivery }) => 'attributes' in delivery);
  assert.deepEqual(letter, {
    delivery: {
      to: 'queue',
      arn: queueArn,
      attributes: {
        RequestID: { type: 'String', value: 'a' },
        ErrorCode: { type: 'Number', value: '200' },
        ErrorMessage: { type: 'String', value: 'x'.repeat(1024) },
      },
    },
    body: '{"a":1}',
    at: 0,
  });
  const other = deliveries.find(({ delivery }) => !('attributes' in delivery));
  assert.equal(JSON.parse(other?.body ?? '').requestContext.condition, 'RetriesExhausted');
});

test('a queue in trouble is tried again, one that refuses is not, and none for longer than an hour', async () => {
  for (const [queue, expected] of [
    [
      ['trouble', 'trouble', 'delivered'],
      [0, 1, 2],
    ],
    [[{ refused: 'there is none' }], [0]],
  ] as const) {
    const { clock, newPump, deliveries, accept, left } = scene(() => failure, {
      config: { maximumRetryAttempts: 0, onFailure: queueArn },
      queue,
    });
    await accept('a');
    newPump().look();
    await clock.advance(10_000);
    assert.deepEqual([deliveries.map(({ at }) => at), left()], [expected, 0]);
  }
  const { clock, newPump, deliveries, accept, left } = scene(() => failure, {
    config: { maximumRetryAttempts: 0, onFailure: queueArn },
    queue: Array(1000).fill('trouble'),
  });
  await accept('a');
  newPump().look();
  await clock.advance(2 * 3_600_000);
  const last = deliveries.at(-1)?.at ?? 0;
  assert.ok(last >= 3_600 && last < 4_000, `the last try was after ${last} s`);
  assert.equal(left(), 0);
});

test('a delivery that was not made before a crash is made after it', async () => {
  const { clock, newPump, deliveries, accept, left } = scene(() => failure, {
    config: { maximumRetryAttempts: 0, onFailure: queueArn },
    queue: ['trouble'],
  });
  await accept('a');
  const dead = newPump();
  dead.look();
  await clock.advance(500);
  void dead.stop();
  newPump().look();
  await clock.advance(5_000);
  assert.deepEqual([deliveries.length, left()], [2, 0]);
});

test('what AWS counts is counted', async () => {
  const { clock, newPump, counted, accept } = scene(() => failure, {
    config: { maximumRetryAttempts: 1, onFailure: 'arn:aws:sns:us-east-1:000000000000:nobody' },
    deadLetters: queueArn,
    queue: [{ refused: 'there is none' }],
  });
  await accept('a');
  newPump().look();
  await clock.advance(3_600_000);
  assert.deepEqual(counted, {
    AsyncEventsReceived: 1,
    AsyncEventAge: 60_000,
    AsyncEventsDropped: 1,
    DestinationDeliveryFailures: 1,
    DeadLetterErrors: 1,
  });
});

test('a destination whose function is gone is counted as one that could not be told', async () => {
  const { clock, newPump, counted, told, accept, left } = scene(
    () => ({ kind: 'success', payload: Buffer.from('1') }),
    {
      config: { onSuccess: 'arn:aws:lambda:us-east-1:000000000000:function:gone' },
    },
  );
  await accept('a');
  newPump().look();
  await clock.advance(60_000);
  assert.deepEqual([counted.DestinationDeliveryFailures, told, left()], [1, [], 0]);
});
