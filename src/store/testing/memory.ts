/** For tests: the real tables and statements in a database that lives in memory, with commits on the caller's thread. */
import { DatabaseSync } from 'node:sqlite';
import { GroupCommit } from '../sqlite/commit.ts';
import { SqliteFunctions } from '../sqlite/functions.ts';
import { migrate } from '../sqlite/migrate.ts';
import { SqliteResources } from '../sqlite/resources.ts';
import { schema } from '../sqlite/schema.ts';
import type { Unit, UnitWriter } from '../sqlite/unit.ts';

export function memoryDocuments() {
  const database = new DatabaseSync(':memory:');
  migrate(database, schema);
  const writer = new InlineWriter(database);
  const resources = new SqliteResources(database, writer);
  return { database, writer, resources, functions: new SqliteFunctions(database, writer, resources) };
}

class InlineWriter implements UnitWriter {
  readonly #commit: GroupCommit;

  constructor(database: DatabaseSync) {
    this.#commit = new GroupCommit(database);
  }

  async write(unit: Unit): Promise<boolean> {
    const [result] = this.#commit.run([unit]);
    if (result?.kind === 'failed') throw new Error(result.message);
    return result?.kind === 'done';
  }
}
