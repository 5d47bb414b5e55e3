import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateFunctionRequest } from '@aws-sdk/client-lambda';
import { systemRandom } from '../../base/random.ts';
import { silentLog } from '../../observe/log.ts';
import { contextOf, create, createFixture, installed, runtimeOf } from '../api/fixture.ts';
import type { Outcome } from '../environments/snapshot/snapshots.ts';
import { awsError } from '../model/expected-error.ts';
import { SnapshotTaker } from './snapshot-taker.ts';

const snapStarted: Partial<CreateFunctionRequest> = {
  Runtime: 'python3.12',
  SnapStart: { ApplyOn: 'PublishedVersions' },
};

function setUp(outcome: (versionId: string) => Promise<Outcome>) {
  const fixture = createFixture();
  fixture.runtimes.set('python3.12', runtimeOf('python3.12', installed));
  const { resources, clock, table } = fixture;
  const asked: string[] = [];
  const discarded: string[] = [];
  const snapshots = {
    take: (version: { id: string; version: string }) => {
      asked.push(version.version);
      return outcome(version.id);
    },
    discard: (id: string) => void discarded.push(id),
  };
  const taker = () => new SnapshotTaker({ resources, clock, random: systemRandom, log: silentLog });
  const shown = async (Qualifier = '1') =>
    table.GetFunctionConfiguration.handle({ FunctionName: 'hello', Qualifier }, contextOf('GetFunctionConfiguration'));
  const publish = async () => table.PublishVersion.handle({ FunctionName: 'hello' }, contextOf('PublishVersion'));
  const invoke = async () => table.Invoke.handle({ FunctionName: 'hello', Qualifier: '1' }, contextOf('Invoke'));
  return { fixture, taker, snapshots, asked, discarded, shown, publish, invoke, table };
}

const outcomes: [outcome: () => Promise<Outcome>, state: string, reason: string | undefined, status: string][] = [
  [async () => ({ kind: 'taken' }), 'Active', undefined, 'On'],
  [async () => ({ kind: 'full' }), 'Active', undefined, 'On'],
  [async () => ({ kind: 'unfit', why: 'threads' }), 'Active', 'No snapshot was taken: threads', 'Off'],
  [
    async () => ({ kind: 'failed', errorType: 'ValueError', message: 'no such table' }),
    'Failed',
    'ValueError: no such table',
    'Off',
  ],
];

for (const [outcome, state, reason, status] of outcomes) {
  test(`a version with SnapStart is Pending, then ${state} and ${status}${reason ? `: ${reason}` : ''}`, async () => {
    const { fixture, taker, snapshots, publish, invoke, shown } = setUp(outcome);
    await create(fixture, snapStarted);
    await fixture.settle();
    const published = await publish();
    assert.deepEqual([published.State, published.StateReasonCode], ['Pending', 'Creating']);
    await assert.rejects(
      invoke(),
      awsError(409, 'SnapStartNotReadyException', /^Lambda is initializing your function/),
    );
    const one = taker();
    one.begin(snapshots);
    await one.idle();
    const after = await shown();
    assert.deepEqual(
      [after.State, after.StateReason, after.SnapStart],
      [state, reason, { ApplyOn: 'PublishedVersions', OptimizationStatus: status }],
    );
    assert.notEqual(after.RevisionId, published.RevisionId);
  });
}

test('a version that is published along waits for its function first, and then for its snapshot', async () => {
  const { fixture, taker, snapshots, asked, shown } = setUp(async () => ({ kind: 'taken' }));
  await create(fixture, { ...snapStarted, Publish: true });
  const early = taker();
  early.begin(snapshots);
  await early.idle();
  assert.deepEqual(asked, []);
  await fixture.settle();
  assert.equal((await shown()).State, 'Pending');
  const one = taker();
  one.begin(snapshots);
  await one.idle();
  assert.deepEqual([asked, (await shown()).State], [['1'], 'Active']);
});

test('a server that stops leaves the version Pending, and the next takes it up; what was taken is taken anew', async () => {
  let answers = false;
  const { fixture, taker, snapshots, asked, publish, shown } = setUp(async () =>
    answers ? { kind: 'taken' } : new Promise(() => {}),
  );
  await create(fixture, snapStarted);
  await fixture.settle();
  await publish();
  const first = taker();
  first.begin(snapshots);
  await first.close();
  assert.equal((await shown()).State, 'Pending');
  answers = true;
  for (const _ of [2, 3]) {
    const next = taker();
    next.begin(snapshots);
    await next.idle();
    assert.equal((await shown()).State, 'Active');
  }
  assert.deepEqual(asked, ['1', '1', '1']);
});

test('a snapshot of a version that was deleted meanwhile is discarded', async () => {
  const { fixture, taker, snapshots, discarded, publish, table } = setUp(async () => {
    await table.DeleteFunction.handle({ FunctionName: 'hello' }, contextOf('DeleteFunction'));
    return { kind: 'taken' };
  });
  await create(fixture, snapStarted);
  await fixture.settle();
  await publish();
  const one = taker();
  one.begin(snapshots);
  await one.idle();
  assert.equal(discarded.length, 1);
});
