import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { systemRandom } from '../../base/random.ts';
import { Undeliverable } from '../../delivery/parcel.ts';
import { record } from '../../store/testing/records.ts';
import type { FunctionRecord } from '../model/function.ts';
import type { AcceptParts } from './accept.ts';
import type { AsyncEvent } from './async-store.ts';
import { functionTarget } from './function-target.ts';

const target = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const source = { service: 'sns.amazonaws.com', arn: 'arn:aws:sns:us-east-1:000000000000:t', accountId: '000000000000' };
const signal = new AbortController().signal;

function scene(function_: FunctionRecord | undefined, allowed = true) {
  const events: AsyncEvent[] = [];
  const parts = {
    sources: { functions: { get: () => function_ }, resources: { get: () => undefined }, random: systemRandom },
    async: { add: async (event: AsyncEvent) => void events.push(event) },
    mayInvoke: () => allowed,
    clock: new ManualClock(),
    random: systemRandom,
    accepted() {},
  } as unknown as AcceptParts; // as much of the stores as accepting takes
  return {
    events,
    send: (body: string) => functionTarget(parts).accept({ target, source, body, traceHeader: 'Root=1' }, signal),
  };
}

const active = { ...record('f'), serving: record('f').latest };

test('a parcel is an asynchronous event', async () => {
  const { events, send } = scene(active);
  await send('{"a":1}');
  assert.deepEqual(
    events.map(({ functionName, payload, traceHeader }) => [functionName, payload.toString(), traceHeader]),
    [['f', '{"a":1}', 'Root=1']],
  );
});

test('what a function will never take is given up', async () => {
  await assert.rejects(scene(undefined).send('{}'), Undeliverable);
  await assert.rejects(scene(active, false).send('{}'), Undeliverable);
  await assert.rejects(scene(active).send(`"${'x'.repeat(2 * 1024 * 1024)}"`), Undeliverable);
});
