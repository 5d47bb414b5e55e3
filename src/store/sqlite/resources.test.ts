import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alias } from '../../lambda/model/alias.ts';
import { laidTogether } from '../../lambda/model/code-store.ts';
import { ownedKey, put, remove, versionName } from '../../lambda/model/resources.ts';
import { openIn, temporaryFolder } from '../testing/folder.ts';
import { memoryDocuments } from '../testing/memory.ts';
import { record, scope, version } from '../testing/records.ts';

const hello = { ...scope, name: 'hello' };
const alias = (name: string, revisionId = 'r1'): Alias => {
  return { name, functionVersion: '1', description: '', additionalVersionWeights: {}, revisionId };
};
const live = ownedKey(hello, 'live');

test('a resource is there once it was put, and after a restart', async (t) => {
  const folder = temporaryFolder(t);
  const before = await openIn(folder);
  assert.equal(before.resources.get('alias', live), undefined);
  assert.equal(await before.resources.write([put('alias', live, alias('live'), 'absent')]), true);
  assert.deepEqual(before.resources.get('alias', live), alias('live'));
  await before.close();
  const after = await openIn(folder);
  t.after(() => after.close());
  assert.deepEqual(after.resources.get('alias', live), alias('live'));
});

test('a condition that does not hold undoes all changes of the write', async () => {
  const { resources } = memoryDocuments();
  await resources.write([put('alias', live, alias('live'))]);
  const other = ownedKey(hello, 'other');
  const cases = [
    put('alias', live, alias('live', 'r2'), 'absent'),
    put('alias', live, alias('live', 'r2'), { revisionId: 'r0' }),
    put('alias', ownedKey(hello, 'none'), alias('none'), 'present'),
    remove('alias', live, { revisionId: 'r0' }),
    remove('alias', ownedKey(hello, 'none'), 'present'),
  ];
  for (const refused of cases) {
    assert.equal(await resources.write([put('alias', other, alias('other')), refused]), false);
    assert.equal(resources.get('alias', other), undefined);
    assert.deepEqual(resources.get('alias', live), alias('live'));
  }
});

test('a revision that is still there lets a change through', async () => {
  const { resources } = memoryDocuments();
  await resources.write([put('alias', live, alias('live'))]);
  assert.equal(await resources.write([put('alias', live, alias('live', 'r2'), { revisionId: 'r1' })]), true);
  assert.equal(await resources.write([remove('alias', live, { revisionId: 'r2' })]), true);
  assert.equal(resources.get('alias', live), undefined);
});

test('resources are listed by owner and name, page by page, and versions by number', async () => {
  const { resources } = memoryDocuments();
  const numbers = [10, 2, 1];
  const key = (owner: string, number: number) => ownedKey({ ...scope, name: owner }, versionName(number));
  const of = (owner: string, number: number) => ({ ...version(owner, 'r', 'aa'), version: String(number) });
  await resources.write(numbers.flatMap((n) => ['b', 'a'].map((owner) => put('version', key(owner, n), of(owner, n)))));
  const listed = (more: object, limit = 100) =>
    resources.list('version', { ...scope, ...more, limit }).map(({ value }) => `${value.name}${value.version}`);
  assert.deepEqual(listed({}), ['a1', 'a2', 'a10', 'b1', 'b2', 'b10']);
  assert.deepEqual(listed({ after: key('a', 2) }, 2), ['a10', 'b1']);
  assert.deepEqual(listed({ owner: 'b', after: key('b', 1) }), ['b2', 'b10']);
  assert.deepEqual(listed({ region: 'eu-west-1' }), []);
});

test('what a function owns goes with it; what another of its name owns, and its counter, stay', async () => {
  const { resources, functions } = memoryDocuments();
  await functions.create(record('hello'), [
    put('alias', live, alias('live')),
    put('version-counter', ownedKey(hello, ''), { last: 4 }),
  ]);
  const elsewhere = ownedKey({ ...hello, region: 'eu-west-1' }, 'live');
  await resources.write([put('alias', elsewhere, alias('live'))]);
  assert.equal(await functions.delete(hello), true);
  assert.equal(resources.get('alias', live), undefined);
  assert.deepEqual(resources.get('alias', elsewhere), alias('live'));
  assert.deepEqual(resources.get('version-counter', ownedKey(hello, '')), { last: 4 });
});

test('a function and a resource change together or not at all', async () => {
  const { resources, functions } = memoryDocuments();
  await functions.create(record('hello'));
  const also = [put('alias', live, alias('live'), 'absent')];
  assert.equal(await functions.replace(record('hello', 'r2'), 'r0', also), false);
  assert.equal(resources.get('alias', live), undefined);
  assert.equal(await functions.replace(record('hello', 'r2'), 'r1', also), true);
  assert.equal(await functions.replace(record('hello', 'r3'), 'r2', also), false);
  assert.equal(functions.get(hello)?.latest.revisionId, 'r2');
});

test('the packages of versions are kept and counted', async () => {
  const { resources, functions } = memoryDocuments();
  await functions.create(record('hello'));
  await resources.write([put('version', ownedKey(hello, versionName(1)), version('hello', 'r', 'ee'))]);
  assert.deepEqual(functions.usage(scope), { codeBytes: 200, functions: 1 });
  assert.deepEqual([...functions.referencedCode()].sort(), ['aa', 'ee']);
});

test('the packages of layers that a version has are kept, and what they are together, and do not count again', async () => {
  const { functions } = memoryDocuments();
  const code = (sha256: string) => ({ sha256, size: 50, unzippedSize: 90 });
  const layers = ['l1', 'l2'].map((sha256) => ({ arn: `arn:${sha256}:1`, code: code(sha256) }));
  const layered = version('hello', 'r', 'ee');
  const published = { ...layered, configuration: { ...layered.configuration, layers } };
  await functions.create(record('hello'), [put('version', ownedKey(hello, versionName(1)), published)]);
  assert.deepEqual(functions.usage(scope), { codeBytes: 200, functions: 1 });
  assert.deepEqual([...functions.referencedCode()].sort(), ['aa', 'ee', 'l1', 'l2', laidTogether(['l1', 'l2'])].sort());
  await functions.delete(hello);
  assert.deepEqual([...functions.referencedCode()], []);
});
