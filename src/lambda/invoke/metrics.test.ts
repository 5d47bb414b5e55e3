import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { record } from '../../store/testing/records.ts';
import { functionArn } from '../model/function.ts';
import { Admission } from './admit.ts';
import { InvocationMetrics } from './metrics.ts';
import { type MetricSample, sinkTo } from './testing/metric-sink.ts';

const admission = () => new Admission({ limit: 10, clock: new ManualClock() });
const latest = record('hello').latest;
const first = { ...latest, version: '1' };
const second = { ...latest, version: '2' };

/** How an invocation is counted: the dimensions of its Invocations, each as one text. */
function countedAs(metrics: InvocationMetrics, samples: MetricSample[], version: typeof latest, qualifier?: string) {
  samples.length = 0;
  const invokedArn = functionArn(latest, qualifier);
  metrics.finished({ version, invokedArn, durationMs: 1, failed: false, at: 1 });
  const dimensions = samples.filter(({ name }) => name === 'Invocations').map((sample) => sample.dimensions);
  return dimensions.map((each) => each.map(({ Name, Value }) => `${Name}=${Value}`).join(' '));
}

test('invocations count for the account, the function, the resource, and what an alias led to', () => {
  const samples: MetricSample[] = [];
  const metrics = new InvocationMetrics(
    sinkTo((sample) => void samples.push(sample)),
    admission(),
  );
  const usual = (resource: string) => ['', 'FunctionName=hello', `FunctionName=hello Resource=${resource}`];
  const led = (version: string) => `ExecutedVersion=${version} FunctionName=hello Resource=hello:live`;
  for (let again = 0; again < 2; again++) {
    assert.deepEqual(countedAs(metrics, samples, latest), usual('hello'));
    assert.deepEqual(countedAs(metrics, samples, latest, '$LATEST'), usual('hello:$LATEST'));
    assert.deepEqual(countedAs(metrics, samples, first, '1'), usual('hello:1'));
    assert.deepEqual(countedAs(metrics, samples, first, 'live'), [...usual('hello:live'), led('1')]);
    assert.deepEqual(countedAs(metrics, samples, second, 'live'), [...usual('hello:live'), led('2')]);
  }
});

test('provisioned concurrency, and what of the account is taken, are told with each invocation', () => {
  const places = admission();
  const samples: MetricSample[] = [];
  const metrics = new InvocationMetrics(
    sinkTo((sample) => void samples.push(sample)),
    places,
  );
  places.reserve({ ...latest, name: 'other' }, 3);
  places.provision(latest, new Map([['1', 2]]));
  for (let n = 0; n < 3; n += 1) assert.equal(places.enter(first), undefined);
  /** The value for the account, or for the function where the account has none. */
  const told = () => {
    samples.length = 0;
    const invokedArn = functionArn(latest, '1');
    metrics.finished({ version: first, invokedArn, durationMs: 1, failed: false, at: 1 });
    places.leave(first);
    return Object.fromEntries(samples.toReversed().map(({ name, value }) => [name, value]));
  };
  assert.partialDeepStrictEqual(told(), {
    UnreservedConcurrentExecutions: 3,
    // Three for the other, two for this version, and the one that has no place there.
    ClaimedAccountConcurrency: 6,
    ProvisionedConcurrentExecutions: 2,
    ProvisionedConcurrencyUtilization: 1,
  });
  told();
  assert.partialDeepStrictEqual(told(), {
    UnreservedConcurrentExecutions: 1,
    ClaimedAccountConcurrency: 5,
    ProvisionedConcurrentExecutions: 1,
    ProvisionedConcurrencyUtilization: 0.5,
  });
  places.reserve(latest, 5);
  assert.deepEqual(places.account(latest), { unreserved: 0, claimed: 8 });
});
