import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  Change,
  Entry,
  ResourceKey,
  ResourceKind,
  ResourceKinds,
  ResourceScope,
  ResourceStore,
} from '../../lambda/model/resources.ts';
import type { Statement, Unit, UnitWriter, Value } from './unit.ts';

const cachedMax = 50_000;
const everything = Number.MAX_SAFE_INTEGER;

/** One JSON document a resource. This process is the only writer, so what was read once stays true until it writes. */
export class SqliteResources implements ResourceStore {
  readonly #writer: UnitWriter;
  /** Also what is not there: whether a function has a policy is asked more often than it has one. */
  readonly #cache = new Map<string, ResourceKinds[ResourceKind] | undefined>();
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #listOwned: StatementSync;
  readonly #all: StatementSync;
  readonly #count: StatementSync;

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#writer = writer;
    const select = 'SELECT owner, name, document FROM resource WHERE kind = ? AND account = ? AND region = ?';
    this.#get = reader.prepare(`${select} AND owner = ? AND name = ?`);
    this.#list = reader.prepare(`${select} AND (owner, name) > (?, ?) ORDER BY owner, name LIMIT ?`);
    this.#all = reader.prepare('SELECT account, region, owner, name, document FROM resource WHERE kind = ?');
    this.#listOwned = reader.prepare(`${select} AND owner = ? AND name > ? ORDER BY name LIMIT ?`);
    const count = 'SELECT count(*) AS count FROM resource WHERE kind = ? AND account = ? AND region = ? AND owner = ?';
    this.#count = reader.prepare(count);
  }

  get<K extends ResourceKind>(kind: K, key: ResourceKey): ResourceKinds[K] | undefined {
    const place = placeOf(kind, key);
    if (this.#cache.has(place)) return this.#cache.get(place) as ResourceKinds[K] | undefined; // its kind is in its place
    const row = this.#get.get(kind, key.accountId, key.region, key.owner, key.name);
    const found: ResourceKinds[K] | undefined = row === undefined ? undefined : JSON.parse(String(row.document));
    this.#keep(place, found);
    return found;
  }

  list<K extends ResourceKind>(kind: K, scope: ResourceScope): Entry<K>[] {
    const { accountId, region, owner, after = { owner: '', name: '' } } = scope;
    const limit = Math.min(scope.limit, everything);
    const rows =
      owner === undefined
        ? this.#list.all(kind, accountId, region, after.owner, after.name, limit)
        : this.#listOwned.all(kind, accountId, region, owner, after.name, limit);
    return rows.map((row) => ({
      key: { accountId, region, owner: String(row.owner), name: String(row.name) },
      value: JSON.parse(String(row.document)),
    }));
  }

  all<K extends ResourceKind>(kind: K): Entry<K>[] {
    return this.#all.all(kind).map((row) => ({
      key: {
        accountId: String(row.account),
        region: String(row.region),
        owner: String(row.owner),
        name: String(row.name),
      },
      value: JSON.parse(String(row.document)),
    }));
  }

  count(kind: ResourceKind, { accountId, region, owner }: Omit<ResourceKey, 'name'>): number {
    return Number(this.#count.get(kind, accountId, region, owner)?.count);
  }

  async write(changes: readonly Change[]): Promise<boolean> {
    const done = await this.#writer.write(unitOf(changes));
    if (done) this.written(changes);
    return done;
  }

  /** What was committed by somebody else's write counts from now on. */
  written(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#keep(placeOf(change.kind, change.key), change.what === 'put' ? change.value : undefined);
    }
  }

  /** A function is gone, with all that it owned. */
  forgetAll(): void {
    this.#cache.clear();
  }

  #keep(place: string, value: ResourceKinds[ResourceKind] | undefined): void {
    if (this.#cache.size >= cachedMax) this.#cache.clear();
    this.#cache.set(place, value);
  }
}

/** The changes as one unit, for who writes something else with them. */
export function unitOf(changes: readonly Change[]): Unit {
  return changes.map((change) => (change.what === 'put' ? putStatement(change) : removeStatement(change)));
}

/** All documents of these kinds that one owner has. */
export function removeOwnedStatements(kinds: readonly ResourceKind[], key: Omit<ResourceKey, 'name'>): Unit {
  const sql = 'DELETE FROM resource WHERE kind = ? AND account = ? AND region = ? AND owner = ?';
  return kinds.map((kind) => ({ sql, params: [kind, key.accountId, key.region, key.owner] }));
}

const one = 'kind = ? AND account = ? AND region = ? AND owner = ? AND name = ?';
const insert = `
  INSERT INTO resource (kind, account, region, owner, name, revision, code, code_bytes, document)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const update = `UPDATE resource SET revision = ?, code = ?, code_bytes = ?, document = ? WHERE ${one}`;
// Not INSERT OR REPLACE, whose deletions no trigger hears of.
const insertOrUpdate = `
  ${insert} ON CONFLICT DO UPDATE SET
    revision = excluded.revision, code = excluded.code, code_bytes = excluded.code_bytes, document = excluded.document`;

function putStatement({ kind, key, value, when }: Extract<Change, { what: 'put' }>): Statement {
  const keys = keyParams(kind, key);
  const content = contentParams(value);
  if (when === 'any') return { sql: insertOrUpdate, params: [...keys, ...content] };
  if (when === 'absent') {
    return { sql: `${insert} ON CONFLICT DO NOTHING`, params: [...keys, ...content], mustChangeOne: true };
  }
  if (when === 'present') return { sql: update, params: [...content, ...keys], mustChangeOne: true };
  return { sql: `${update} AND revision = ?`, params: [...content, ...keys, when.revisionId], mustChangeOne: true };
}

function removeStatement({ kind, key, when }: Extract<Change, { what: 'remove' }>): Statement {
  const sql = `DELETE FROM resource WHERE ${one}`;
  const params = keyParams(kind, key);
  if (when === 'any') return { sql, params };
  if (when === 'present') return { sql, params, mustChangeOne: true };
  return { sql: `${sql} AND revision = ?`, params: [...params, when.revisionId], mustChangeOne: true };
}

function keyParams(kind: ResourceKind, { accountId, region, owner, name }: ResourceKey): Value[] {
  return [kind, accountId, region, owner, name];
}

function contentParams(value: ResourceKinds[ResourceKind]): Value[] {
  const code = 'code' in value ? value.code : undefined;
  const revision = 'revisionId' in value ? value.revisionId : null;
  return [revision, code?.sha256 ?? null, code?.size ?? null, JSON.stringify(value)];
}

function placeOf(kind: ResourceKind, { accountId, region, owner, name }: ResourceKey): string {
  return `${kind}/${accountId}/${region}/${owner}/${name}`;
}
