import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { GroupCommit } from './commit.ts';
import type { Statement } from './unit.ts';

const add = (n: number): Statement => ({ sql: 'INSERT INTO t VALUES (?)', params: [n] });
const remove = (n: number): Statement => ({ sql: 'DELETE FROM t WHERE n = ?', params: [n], mustChangeOne: true });

function opened(t: { after(undo: () => void): void }) {
  const database = new DatabaseSync(':memory:');
  t.after(() => database.close());
  database.exec('CREATE TABLE t (n INTEGER PRIMARY KEY)');
  const kept = () =>
    database
      .prepare('SELECT n FROM t ORDER BY n')
      .all()
      .map(({ n }) => Number(n));
  return { database, kept, commit: new GroupCommit(database) };
}

test('a unit that fails or is refused leaves its neighbours alone', (t) => {
  const { commit, kept } = opened(t);
  const results = commit.run([[add(1)], [add(2), add(1)], [add(3), remove(9)], [remove(8)], [add(4), remove(1)]]);
  assert.deepEqual(
    results.map(({ kind }) => kind),
    ['done', 'failed', 'refused', 'refused', 'done'],
  );
  assert.deepEqual(kept(), [4]);
});

test('when the whole transaction is lost every unit of it is answered as failed', (t) => {
  const { database, commit, kept } = opened(t);
  // As SQLite does by itself when the disk is full.
  database.exec(`CREATE TRIGGER full BEFORE INSERT ON t WHEN new.n = 9 BEGIN SELECT RAISE(ROLLBACK, 'full'); END`);
  const results = commit.run([[add(1)], [add(9)], [add(2)]]);
  assert.deepEqual(
    results.map(({ kind }) => kind),
    ['failed', 'failed', 'failed'],
  );
  assert.deepEqual(kept(), []);
  assert.deepEqual(commit.run([[add(3)]]), [{ kind: 'done' }]);
});
