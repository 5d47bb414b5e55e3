import type { DatabaseSync } from 'node:sqlite';
import type { Statement } from '../sqlite/unit.ts';
import type { RestDocument, RestScope } from './rest-record.ts';

/** What is to be written, and what follows in memory once it is. */
export interface DocumentChange {
  readonly statement: Statement;
  done(): void;
}

/** Documents of one kind, in memory as well: requests ask. One is never changed, another takes its place. */
export class Documents<T extends RestDocument> {
  readonly #kind: string;
  readonly #held = new Map<string, T>();

  constructor(reader: DatabaseSync, kind: string) {
    this.#kind = kind;
    for (const row of reader.prepare('SELECT document FROM rest_document WHERE kind = ?').iterate(kind)) {
      const document: T = JSON.parse(String(row.document));
      this.#held.set(document.id, document);
    }
  }

  get(id: string): T | undefined {
    return this.#held.get(id);
  }

  all(): Iterable<T> {
    return this.#held.values();
  }

  /** The oldest first. */
  list({ accountId, region }: RestScope): T[] {
    const here = [...this.#held.values()].filter((each) => each.accountId === accountId && each.region === region);
    return here.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  }

  put(document: T): DocumentChange {
    const params = [this.#kind, document.id, JSON.stringify(document)];
    return {
      statement: { sql: 'INSERT OR REPLACE INTO rest_document VALUES (?, ?, ?)', params },
      done: () => void this.#held.set(document.id, document),
    };
  }

  remove(id: string): DocumentChange {
    return {
      statement: { sql: 'DELETE FROM rest_document WHERE kind = ? AND id = ?', params: [this.#kind, id] },
      done: () => void this.#held.delete(id),
    };
  }
}
