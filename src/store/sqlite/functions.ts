import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { laidTogether } from '../../lambda/model/code-store.ts';
import type { FunctionKey, FunctionRecord } from '../../lambda/model/function.ts';
import type { FunctionStore } from '../../lambda/model/function-store.ts';
import type { AttachedLayer } from '../../lambda/model/layer.ts';
import { type Change, ownedByFunction } from '../../lambda/model/resources.ts';
import { InUse } from './in-use.ts';
import { removeOwnedStatements, type SqliteResources, unitOf } from './resources.ts';
import type { Statement, UnitWriter, Value } from './unit.ts';

const cachedMax = 10_000;
const keyOf = ({ accountId, region, name }: FunctionKey) => `${accountId}/${region}/${name}`;

/** One JSON document a function. This process is the only writer, so what was read once stays true until it writes. */
export class SqliteFunctions implements FunctionStore {
  readonly #writer: UnitWriter;
  readonly #resources: SqliteResources;
  readonly #cache = new Map<string, FunctionRecord>();
  readonly #statements: ReturnType<typeof prepare>;
  readonly #inUse: InUse;

  constructor(reader: DatabaseSync, writer: UnitWriter, resources: SqliteResources) {
    this.#writer = writer;
    this.#resources = resources;
    this.#statements = prepare(reader);
    this.#inUse = new InUse(reader);
  }

  get(key: FunctionKey): FunctionRecord | undefined {
    const cached = this.#cache.get(keyOf(key));
    if (cached !== undefined) return cached;
    const row = this.#statements.get.get(key.accountId, key.region, key.name);
    if (row === undefined) return undefined;
    const record = recordOf(row);
    this.#keep(record);
    return record;
  }

  list({ accountId, region, after = '', limit }: Parameters<FunctionStore['list']>[0]): FunctionRecord[] {
    // SQLite takes a negative limit for none.
    const most = Number.isSafeInteger(limit) ? limit : -1;
    return this.#statements.list.all(accountId, region, after, most).map(recordOf);
  }

  async create(record: FunctionRecord, also: readonly Change[] = []): Promise<boolean> {
    const params = [...keyParams(record), ...contentParams(record)];
    return this.#changed(record, { sql: insert, params, mustChangeOne: true }, also);
  }

  async replace(record: FunctionRecord, ifRevision: string, also: readonly Change[] = []): Promise<boolean> {
    const params = [...contentParams(record), ...keyParams(record), ifRevision];
    return this.#changed(record, { sql: update, params, mustChangeOne: true }, also);
  }

  async delete(key: FunctionKey): Promise<boolean> {
    const sql = 'DELETE FROM function WHERE account = ? AND region = ? AND name = ?';
    const own = removeOwnedStatements(ownedByFunction, { ...key, owner: key.name });
    const done = await this.#writer.write([{ sql, params: keyParams(key), mustChangeOne: true }, ...own]);
    if (!done) return false;
    this.#cache.delete(keyOf(key));
    this.#resources.forgetAll();
    return true;
  }

  unfinished(limit: number): FunctionRecord[] {
    return this.#statements.unfinished.all(limit).map(recordOf);
  }

  usage({ accountId, region }: { accountId: string; region: string }): { codeBytes: number; functions: number } {
    const row = this.#statements.usage.get(accountId, region);
    return { codeBytes: Number(row?.code_bytes ?? 0), functions: Number(row?.functions ?? 0) };
  }

  runtimesInUse(): string[] {
    return [...this.#inUse.values('runtime')];
  }

  rolesInUse(): string[] {
    return this.#inUse.roles();
  }

  referencedCode(): Set<string> {
    const attached = [...this.#inUse.values('layers')].map((text): AttachedLayer[] => JSON.parse(text));
    const layers = attached.map((each) => each.map((layer) => layer.code.sha256));
    return new Set([...this.#inUse.packages(), ...layers.flat(), ...layers.map(laidTogether)]);
  }

  async #changed(record: FunctionRecord, statement: Statement, also: readonly Change[]): Promise<boolean> {
    const done = await this.#writer.write([statement, ...unitOf(also)]);
    if (!done) return false;
    this.#keep(record);
    this.#resources.written(also);
    return true;
  }

  #keep(record: FunctionRecord): void {
    if (this.#cache.size >= cachedMax) this.#cache.clear();
    this.#cache.set(keyOf(record), record);
  }
}

const insert = `
  INSERT INTO function (account, region, name, revision, finished, code_bytes, latest_code, serving_code, document)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
const update = `
  UPDATE function
  SET revision = ?, finished = ?, code_bytes = ?, latest_code = ?, serving_code = ?, document = ?
  WHERE account = ? AND region = ? AND name = ? AND revision = ?`;

function keyParams({ accountId, region, name }: FunctionKey): Value[] {
  return [accountId, region, name];
}

function contentParams(record: FunctionRecord): Value[] {
  const { latest, serving } = record;
  const finished = latest.state.value !== 'Pending' && latest.lastUpdateStatus?.value !== 'InProgress';
  const { sha256, size } = latest.code;
  return [latest.revisionId, Number(finished), size, sha256, serving?.code.sha256 ?? null, JSON.stringify(record)];
}

function recordOf({ document }: Record<string, unknown>): FunctionRecord {
  return JSON.parse(String(document));
}

function prepare(reader: DatabaseSync) {
  const statement = (sql: string): StatementSync => reader.prepare(sql);
  return {
    get: statement('SELECT document FROM function WHERE account = ? AND region = ? AND name = ?'),
    list: statement(`
      SELECT document FROM function WHERE account = ? AND region = ? AND name > ? ORDER BY name LIMIT ?`),
    unfinished: statement('SELECT document FROM function WHERE finished = 0 LIMIT ?'),
    usage: statement('SELECT functions, code_bytes FROM account_usage WHERE account = ? AND region = ?'),
  };
}
