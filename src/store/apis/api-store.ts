import type { DatabaseSync } from 'node:sqlite';
import { Turns } from '../../base/turns.ts';
import type { Statement, UnitWriter } from '../sqlite/unit.ts';
import type { ApiRecord, ApiScope, DeploymentDocument } from './api-record.ts';

export const apisSchema = `
  CREATE TABLE http_api (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE http_api_deployment (
    sequence INTEGER PRIMARY KEY,
    api TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (api, id)
  );
`;

/** All APIs are in memory as well: every request of theirs asks. A record is never changed, another takes its place. */
export class ApiStore {
  readonly #writer: UnitWriter;
  readonly #apis = new Map<string, ApiRecord>();
  readonly #turns = new Turns();

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#writer = writer;
    const deployments = deploymentsByApi(reader);
    for (const { id, document } of reader.prepare('SELECT id, document FROM http_api').iterate()) {
      const record: Omit<ApiRecord, 'deployments'> = JSON.parse(String(document));
      this.#apis.set(record.id, { ...record, deployments: deployments.get(String(id)) ?? [] });
    }
  }

  get(id: string): ApiRecord | undefined {
    return this.#apis.get(id);
  }

  /** The oldest first. */
  list({ accountId, region }: ApiScope): ApiRecord[] {
    const here = [...this.#apis.values()].filter((each) => each.accountId === accountId && each.region === region);
    return here.sort((a, b) => a.api.createdAt - b.api.createdAt || (a.id < b.id ? -1 : 1));
  }

  /**
   * One change at a time for each API: `next` sees what the change before has left, and says what is to be, or that the
   * API is to go; what it throws changes nothing. Durable when it resolves.
   */
  change<T extends ApiRecord | undefined>(id: string, next: (before: ApiRecord | undefined) => T): Promise<T> {
    return this.#turns.take(id, async () => {
      const before = this.#apis.get(id);
      const after = next(before);
      if (after === before) return after;
      await this.#writer.write(changeStatements(id, before, after));
      if (after === undefined) this.#apis.delete(id);
      else this.#apis.set(id, after);
      return after;
    });
  }
}

function deploymentsByApi(reader: DatabaseSync): Map<string, DeploymentDocument[]> {
  const found = new Map<string, DeploymentDocument[]>();
  const rows = reader.prepare('SELECT api, document FROM http_api_deployment ORDER BY sequence').iterate();
  for (const { api, document } of rows) {
    const list = found.get(String(api)) ?? [];
    list.push(JSON.parse(String(document)));
    found.set(String(api), list);
  }
  return found;
}

/** Deployments are large and hardly ever change: only those that did are written. */
function changeStatements(id: string, before: ApiRecord | undefined, after: ApiRecord | undefined): Statement[] {
  if (after === undefined) {
    return [
      { sql: 'DELETE FROM http_api WHERE id = ?', params: [id] },
      { sql: 'DELETE FROM http_api_deployment WHERE api = ?', params: [id] },
    ];
  }
  const { deployments, ...definition } = after;
  const old = before?.deployments ?? [];
  const kept = new Set(deployments.map(({ DeploymentId }) => DeploymentId));
  return [
    { sql: 'INSERT OR REPLACE INTO http_api VALUES (?, ?)', params: [id, JSON.stringify(definition)] },
    ...old
      .filter(({ DeploymentId }) => !kept.has(DeploymentId))
      .map(({ DeploymentId = '' }) => ({
        sql: 'DELETE FROM http_api_deployment WHERE api = ? AND id = ?',
        params: [id, DeploymentId],
      })),
    ...deployments.filter((each) => !old.includes(each)).map((each) => putDeployment(id, each)),
  ];
}

/** One that is there already keeps its place. */
function putDeployment(api: string, deployment: DeploymentDocument): Statement {
  const sql =
    'INSERT INTO http_api_deployment (api, id, document) VALUES (?, ?, ?) ' +
    'ON CONFLICT (api, id) DO UPDATE SET document = excluded.document';
  return { sql, params: [api, deployment.DeploymentId ?? '', JSON.stringify(deployment)] };
}
