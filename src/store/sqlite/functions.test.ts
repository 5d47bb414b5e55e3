import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIn, temporaryFolder, temporaryStore } from '../testing/folder.ts';
import { record, scope, version } from '../testing/records.ts';

test('a function is there once it was created, and its name is taken', async (t) => {
  const { functions } = await temporaryStore(t);
  assert.equal(await functions.create(record('f')), true);
  assert.equal(await functions.create(record('f', 'r2')), false);
  assert.deepEqual(functions.get({ ...scope, name: 'f' }), record('f'));
  assert.equal(functions.get({ ...scope, region: 'eu-west-1', name: 'f' }), undefined);
});

test('of two who replace the same revision one wins', async (t) => {
  const { functions } = await temporaryStore(t);
  await functions.create(record('f'));
  const outcomes = await Promise.all([
    functions.replace(record('f', 'r2'), 'r1'),
    functions.replace(record('f', 'r3'), 'r1'),
  ]);
  assert.deepEqual(outcomes, [true, false]);
  assert.equal(functions.get({ ...scope, name: 'f' })?.latest.revisionId, 'r2');
});

test('a deleted function is gone, and deleting it again says so', async (t) => {
  const { functions } = await temporaryStore(t);
  await functions.create(record('f'));
  assert.deepEqual([await functions.delete(record('f')), await functions.delete(record('f'))], [true, false]);
  assert.equal(functions.get(record('f')), undefined);
});

test('functions are listed by name, page by page', async (t) => {
  const { functions } = await temporaryStore(t);
  await Promise.all(['b', 'a', 'c'].map((name) => functions.create(record(name))));
  const names = (after: string, limit: number) => functions.list({ ...scope, after, limit }).map(({ name }) => name);
  assert.deepEqual(
    [names('', 2), names('b', 2), names('', Number.POSITIVE_INFINITY)],
    [['a', 'b'], ['c'], ['a', 'b', 'c']],
  );
  assert.deepEqual(functions.usage(scope), { codeBytes: 300, functions: 3 });
});

test('unfinished functions and the code they need are found after a restart', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  const latest = { ...version('p', 'r1', 'bb'), state: { value: 'Pending' } as const };
  await before.functions.create({ ...record('p'), latest, serving: version('p', 'r0', 'cc') });
  const updating = { ...version('u', 'r1', 'dd'), lastUpdateStatus: { value: 'InProgress' } as const };
  await before.functions.create({ ...record('u'), latest: updating });
  await before.functions.create(record('done'));
  await before.close();
  const after = await openIn(folder);
  t.after(() => after.close());
  assert.deepEqual(
    after.functions
      .unfinished(10)
      .map(({ name }) => name)
      .sort(),
    ['p', 'u'],
  );
  assert.deepEqual(after.functions.runtimesInUse(), ['nodejs24.x']);
  assert.deepEqual([...after.functions.referencedCode()].sort(), ['aa', 'bb', 'cc', 'dd']);
});
