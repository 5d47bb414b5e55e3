import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { ownedKey, put, remove, versionName } from '../../lambda/model/resources.ts';
import { memoryDocuments } from '../testing/memory.ts';
import { record, scope, version } from '../testing/records.ts';
import { accountUsageSchema } from './account-usage.ts';
import { migrate } from './migrate.ts';
import { schema } from './schema.ts';

const hello = { ...scope, name: 'hello' };
const elsewhere = { ...scope, region: 'eu-west-1' };

function sized(number: number, size: number) {
  const code = { sha256: `v${number}`, size, unzippedSize: size };
  return put('version', ownedKey(hello, versionName(number)), { ...version('hello', `r${number}`, 'aa'), code });
}

test('an account’s usage follows every change of functions and versions', async () => {
  const { functions, resources } = memoryDocuments();
  const usage = () => Object.values(functions.usage(scope));
  assert.deepEqual(usage(), [0, 0]);
  await functions.create(record('hello'), [sized(1, 30)]);
  await functions.create(record('hello'));
  assert.deepEqual(usage(), [130, 1]);
  const latest = { ...version('hello', 'r2', 'bb'), code: { sha256: 'bb', size: 70, unzippedSize: 1 } };
  await functions.replace({ ...record('hello'), latest }, 'r1', [sized(2, 5)]);
  assert.deepEqual(usage(), [105, 1]);
  await resources.write([sized(2, 6), sized(3, 1)]);
  assert.deepEqual(usage(), [107, 1]);
  // Nothing of a write that is refused counts.
  await resources.write([sized(4, 999), remove('version', ownedKey(hello, versionName(9)), 'present')]);
  await resources.write([remove('version', ownedKey(hello, versionName(3)))]);
  await resources.write([put('version-counter', ownedKey(hello, ''), { last: 4 })]);
  assert.deepEqual(usage(), [106, 1]);
  assert.deepEqual(functions.usage(elsewhere), { codeBytes: 0, functions: 0 });
  await functions.delete(hello);
  assert.deepEqual(usage(), [0, 0]);
});

test('a database from before is counted once, when it is brought up to date', () => {
  const database = new DatabaseSync(':memory:');
  const step = schema.indexOf(accountUsageSchema);
  migrate(database, schema.slice(0, step));
  database.exec(`
    INSERT INTO function VALUES ('1', 'here', 'a', 'r', 1, 10, 'x', NULL, '{}'), ('1', 'here', 'b', 'r', 1, 20, 'x', NULL, '{}');
    INSERT INTO resource VALUES ('version', '1', 'here', 'a', '1', 'r', 'x', 5, '{}'), ('alias', '1', 'here', 'a', 'b', 'r', NULL, NULL, '{}');
    INSERT INTO resource VALUES ('layer-version', '1', 'there', 'l', '1', 'r', 'x', 7, '{}');
  `);
  migrate(database, schema);
  const rows = database.prepare('SELECT * FROM account_usage ORDER BY region').all().map(Object.values);
  assert.deepEqual(rows, [
    ['1', 'here', 2, 35],
    ['1', 'there', 0, 7],
  ]);
});
