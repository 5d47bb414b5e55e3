import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Statement, Unit, UnitResult } from './unit.ts';

/** The database ended the whole transaction by itself (disk full, input/output error): no unit of it was done. */
class TransactionLostError extends Error {}

/** Runs many units in one transaction: one wait for the disk, however many callers. */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  run(units: readonly Unit[]): UnitResult[] {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const results = units.map((unit) => this.#unit(unit));
      this.#database.exec('COMMIT');
      return results;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return units.map(() => ({ kind: 'failed', message: messageOf(error) }));
    }
  }

  #unit(unit: Unit): UnitResult {
    try {
      const [first] = unit;
      // One statement is undone by the database itself.
      if (first !== undefined && unit.length === 1) return { kind: this.#changes(first) ? 'done' : 'refused' };
      return this.#inSavepoint(unit);
    } catch (error) {
      if (!this.#database.isTransaction) throw new TransactionLostError(messageOf(error));
      return { kind: 'failed', message: messageOf(error) };
    }
  }

  #inSavepoint(unit: Unit): UnitResult {
    this.#database.exec('SAVEPOINT unit');
    let complete = false;
    try {
      complete = unit.every((statement) => this.#changes(statement));
      return { kind: complete ? 'done' : 'refused' };
    } finally {
      if (this.#database.isTransaction)
        this.#database.exec(complete ? 'RELEASE unit' : 'ROLLBACK TO unit; RELEASE unit');
    }
  }

  /** False when the statement's condition does not hold. A single statement's changes are none then, or an error. */
  #changes({ sql, params, mustChangeOne }: Statement): boolean {
    const { changes } = this.#statement(sql).run(...params);
    return mustChangeOne !== true || changes === 1;
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
