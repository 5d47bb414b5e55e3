import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from '../../store/testing/records.ts';
import { functionArn } from '../model/function.ts';
import { InvocationMetrics, type MetricSample } from './metrics.ts';

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
  const metrics = new InvocationMetrics({ add: (_scope, sample) => void samples.push(sample) });
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
