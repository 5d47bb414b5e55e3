import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { systemRandom } from '../../base/random.ts';
import type { FunctionVersion } from '../model/function.ts';
import { traceHeader } from './trace-header.ts';
import { TraceSampler } from './trace-sampler.ts';

// Of a version, the sampler reads no more than this.
const version = (name: string, tracingMode: 'Active' | 'PassThrough') =>
  ({ accountId: '0', region: 'r', name, configuration: { tracingMode } }) as FunctionVersion;

test('the first of each second is sampled, and some of the rest', async () => {
  const clock = new ManualClock();
  const random = { ...systemRandom, hex: () => 'ffffffff' };
  const sampler = new TraceSampler({ clock, random });
  const decide = (name: string) => sampler.samples(version(name, 'Active'));
  assert.deepEqual([decide('a'), decide('a'), decide('b'), decide('b')], [true, false, true, false]);
  await clock.advance(1000);
  assert.deepEqual([decide('a'), decide('a')], [true, false]);
  random.hex = () => '00000001';
  assert.equal(decide('a'), true);
  assert.equal(sampler.samples(version('c', 'PassThrough')), false);
});

test('whoever calls decides, if he has decided', () => {
  const parts = { clock: new ManualClock(), random: systemRandom };
  const sampled = (header: string | undefined, wanted: boolean) =>
    /Sampled=(.)/.exec(traceHeader(header, parts, () => wanted))?.[1];
  const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  assert.equal(sampled(`${root};Sampled=0`, true), '0');
  assert.equal(sampled(`${root};Sampled=1`, false), '1');
  assert.equal(sampled(`${root};Sampled=?`, true), '1');
  assert.equal(sampled(root, true), '1');
  assert.equal(sampled(undefined, true), '1');
  assert.equal(sampled(undefined, false), '0');
});
