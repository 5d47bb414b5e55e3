import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock as clock } from '../../base/clock.ts';
import { systemRandom as random } from '../../base/random.ts';
import { record } from '../../store/testing/records.ts';
import type { InvokeRequest } from './door.ts';
import { isUndecided, spanIdsOf, traced, traceHeader } from './trace-header.ts';
import { TraceSampler } from './trace-sampler.ts';

const passing = record('hello').latest;
const active = { ...passing, configuration: { ...passing.configuration, tracingMode: 'Active' as const } };
const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';
const parts = { clock, random, sampler: new TraceSampler({ clock, random }) };

const request = (more: Partial<InvokeRequest>): InvokeRequest => {
  const invokedArn = 'arn:aws:lambda:us-east-1:000000000000:function:hello';
  return { version: passing, invokedArn, requestId: 'r', payload: Buffer.from('{}'), logTail: false, ...more };
};

test('what nobody has decided about is decided by the function, and nothing else', () => {
  const door = (version: typeof passing, callerTrace: string) => {
    const header = traceHeader(callerTrace, parts);
    const asked = { version, traceHeader: header, callerTrace, undecided: isUndecided(callerTrace) };
    return traced(request(asked), { ...parts, sampler: new TraceSampler(parts) }).traceHeader;
  };
  const cases = [
    [passing, '', '0'],
    [passing, `${root};Sampled=1`, '1'],
    [active, '', '1'],
    [active, root, '1'],
    [active, `${root};Sampled=0`, '0'],
    [active, 'no header;at all', '1'],
  ] as const;
  for (const [version, caller, expected] of cases) {
    assert.match(door(version, caller) ?? '', new RegExp(`;Sampled=${expected}$`), caller);
  }
});

test('what a door made is kept; what comes from a queue is the next in its chain', () => {
  const atDoor = request({ traceHeader: `${root};Parent=53995c3f42cd8ad8;Sampled=1`, callerTrace: root });
  assert.equal(traced(atDoor, parts), atDoor);
  const cause = `${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=abcd1234:2`;
  const next = traced(request({ traceHeader: cause, version: active }), parts);
  const ids = spanIdsOf(next);
  assert.equal(ids?.traceId, '5759e988bd862e3fe1be46a994272793');
  assert.equal(ids?.parentSpanId, '53995c3f42cd8ad8');
  assert.notEqual(ids?.spanId, '53995c3f42cd8ad8');
  assert.match(next.traceHeader ?? '', /;Lineage=abcd1234:2$/);
  const unsampled = traced(
    request({ traceHeader: `${root};Parent=53995c3f42cd8ad8;Sampled=0`, version: active }),
    parts,
  );
  assert.equal(spanIdsOf(unsampled), undefined, 'the cause was not sampled, and that is decided');
});

test('an invocation without a header gets one, sampled where its function is Active', () => {
  assert.equal(spanIdsOf(traced(request({}), parts)), undefined);
  const fresh = { ...parts, sampler: new TraceSampler(parts) };
  const ids = spanIdsOf(traced(request({ version: active }), fresh));
  assert.deepEqual(Object.keys(ids ?? {}), ['traceId', 'spanId'], 'and is the first of its trace');
});
