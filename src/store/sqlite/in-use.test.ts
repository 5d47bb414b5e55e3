import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { FunctionVersion } from '../../lambda/model/function.ts';
import { ownedKey, put, versionName } from '../../lambda/model/resources.ts';
import { memoryDocuments } from '../testing/memory.ts';
import { record, scope, version } from '../testing/records.ts';
import { InUse } from './in-use.ts';
import { migrate } from './migrate.ts';
import { schema } from './schema.ts';

const hello = { ...scope, name: 'hello' };
const of = (runtime: string, sha256: string): FunctionVersion => {
  const base = version('hello', runtime, sha256);
  return { ...base, configuration: { ...base.configuration, runtime } };
};

test('runtimes and packages in use are those of what is, of what serves, and of versions, each once', async () => {
  const { functions } = memoryDocuments();
  assert.deepEqual([functions.runtimesInUse(), [...functions.referencedCode()]], [[], []]);
  const first = put('version', ownedKey(hello, versionName(1)), of('nodejs22.x', 'cc'));
  const second = put('version', ownedKey(hello, versionName(2)), of('nodejs24.x', 'dd'));
  const versions = [first, second];
  await functions.create(
    { ...record('hello'), latest: of('nodejs26.x', 'aa'), serving: of('python3.13', 'bb') },
    versions,
  );
  await functions.create({ ...record('other'), latest: of('nodejs24.x', 'aa') });
  assert.deepEqual(functions.runtimesInUse().sort(), ['nodejs22.x', 'nodejs24.x', 'nodejs26.x', 'python3.13']);
  assert.deepEqual([...functions.referencedCode()].sort(), ['aa', 'bb', 'cc', 'dd']);
  await functions.delete(hello);
  assert.deepEqual([functions.runtimesInUse(), [...functions.referencedCode()]], [['nodejs24.x'], ['aa']]);
});

/** Remembers what it was asked to prepare. */
class Listening extends DatabaseSync {
  readonly asked: string[] = [];
  override prepare(sql: string) {
    this.asked.push(sql);
    return super.prepare(sql);
  }
}

test('what is in use is found in indexes, without reading every function', () => {
  const database = new Listening(':memory:');
  migrate(database, schema);
  database.asked.length = 0;
  new InUse(database);
  const asked = [...database.asked];
  assert.equal(asked.length, 7);
  for (const sql of asked) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const reads = plan.map(({ detail }) => String(detail)).filter((detail) => /function|resource/.test(detail));
    assert.ok(reads.length >= 2, sql);
    for (const read of reads) assert.match(read, /USING (COVERING )?INDEX/);
  }
});
