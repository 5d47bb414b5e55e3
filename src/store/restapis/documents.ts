import type { DatabaseSync } from 'node:sqlite';
import type { Statement } from '../sqlite/unit.ts';
import type { RestDocument, RestScope } from './rest-record.ts';

/** What is to be written, and what follows in memory once it is. */
export interface DocumentChange {
  readonly statement: Statement;
  done(): void;
}

export interface Indexed<T> {
  readonly kind: string;
  /** Another name by which one may be asked for; never that of two. */
  name?(document: T): string;
}

/** Documents of one kind, in memory as well: requests ask. One is never changed, another takes its place. */
export class Documents<T extends RestDocument> {
  readonly #kind: string;
  readonly #nameOf: ((document: T) => string) | undefined;
  readonly #held = new Map<string, T>();
  readonly #named = new Map<string, T>();

  constructor(reader: DatabaseSync, { kind, name }: Indexed<T>) {
    this.#kind = kind;
    this.#nameOf = name;
    for (const row of reader.prepare('SELECT document FROM rest_document WHERE kind = ?').iterate(kind)) {
      this.#hold(JSON.parse(String(row.document)));
    }
  }

  get(id: string): T | undefined {
    return this.#held.get(id);
  }

  find(name: string): T | undefined {
    return this.#named.get(name);
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
      done: () => this.#hold(document),
    };
  }

  remove(id: string): DocumentChange {
    return {
      statement: { sql: 'DELETE FROM rest_document WHERE kind = ? AND id = ?', params: [this.#kind, id] },
      done: () => this.#drop(id),
    };
  }

  #hold(document: T): void {
    this.#drop(document.id);
    this.#held.set(document.id, document);
    if (this.#nameOf !== undefined) this.#named.set(this.#nameOf(document), document);
  }

  #drop(id: string): void {
    const document = this.#held.get(id);
    if (document === undefined) return;
    this.#held.delete(id);
    if (this.#nameOf !== undefined) this.#named.delete(this.#nameOf(document));
  }
}
