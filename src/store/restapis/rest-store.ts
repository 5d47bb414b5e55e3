import type { DatabaseSync } from 'node:sqlite';
import { Turns } from '../../base/turns.ts';
import type { UnitWriter } from '../sqlite/unit.ts';
import { type DocumentChange, Documents } from './documents.ts';
import type {
  AccountRecord,
  ApiKeyRecord,
  DeploymentRecord,
  RestApiRecord,
  RestScope,
  UsagePlanRecord,
  UsageRecord,
} from './rest-record.ts';

export const restApisSchema = `
  CREATE TABLE rest_document (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) WITHOUT ROWID;
`;

export class RestStore {
  readonly apis: Documents<RestApiRecord>;
  readonly deployments: Documents<DeploymentRecord>;
  readonly keys: Documents<ApiKeyRecord>;
  readonly plans: Documents<UsagePlanRecord>;
  readonly usage: Documents<UsageRecord>;
  readonly accounts: Documents<AccountRecord>;
  readonly #writer: UnitWriter;
  readonly #turns = new Turns();

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#writer = writer;
    this.apis = new Documents(reader, { kind: 'api' });
    this.deployments = new Documents(reader, { kind: 'deployment' });
    this.keys = new Documents(reader, { kind: 'key', name: ({ key, ...scope }) => keyName(key.value, scope) });
    this.plans = new Documents(reader, { kind: 'plan' });
    this.usage = new Documents(reader, { kind: 'usage' });
    this.accounts = new Documents(reader, { kind: 'account' });
  }

  /** For every request that brings one. */
  keyWith(value: string, scope: RestScope): ApiKeyRecord | undefined {
    return this.keys.find(keyName(value, scope));
  }

  plansOf(keyId: string): UsagePlanRecord[] {
    return [...this.plans.all()].filter(({ keyIds }) => keyIds.includes(keyId));
  }

  /** What reads a document and writes what follows from it: one at a time for each id. */
  take<T>(id: string, action: () => Promise<T>): Promise<T> {
    return this.#turns.take(id, action);
  }

  /** All or nothing; durable when it resolves. */
  async commit(changes: readonly DocumentChange[]): Promise<void> {
    if (changes.length === 0) return;
    await this.#writer.write(changes.map(({ statement }) => statement));
    for (const change of changes) change.done();
  }
}

function keyName(value: string, { accountId, region }: RestScope): string {
  return `${accountId}/${region}/${value}`;
}
