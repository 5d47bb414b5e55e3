/** Lists of what is in a bucket, in the order of keys; what a delimiter rolls up is stepped over and not read. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { afterPrefix } from './key-order.ts';
import type { Bucket, ObjectVersion, Upload } from './records.ts';
import { uploadOf, versionColumns, versionOf } from './rows.ts';

export interface ListQuery {
  readonly bucket: Bucket;
  readonly prefix: string;
  /** Empty for none. */
  readonly delimiter: string;
  /** Only what comes after this key (and, of versions and uploads, after this one of it). */
  readonly after?: { readonly key: string; readonly sequence?: number };
  readonly limit: number;
}

export type Entry<T> = { readonly item: T } | { readonly prefix: string };

export interface Listing<T> {
  readonly entries: readonly Entry<T>[];
  readonly truncated: boolean;
}

interface Keyed {
  readonly key: string;
  readonly sequence: number;
}

interface Source<T> {
  /** Everything from a key on. */
  readonly from: StatementSync;
  /** What is left of one key after a sequence. */
  readonly rest?: StatementSync;
  readonly parse: (row: Record<string, unknown>) => T;
}

/** Greater than every text, as SQLite compares. */
const endOfKeys = Buffer.alloc(0);

export class Listings {
  readonly #objects: Source<ObjectVersion>;
  readonly #versions: Source<ObjectVersion>;
  readonly #uploads: Source<Upload>;

  constructor(reader: DatabaseSync) {
    const within = 'WHERE bucket = ? AND key >= ? AND key < ?';
    const ofKey = 'WHERE bucket = ? AND key = ? AND sequence';
    const select = `SELECT ${versionColumns.replace('pieces', 'NULL AS pieces')} FROM object`;
    this.#objects = {
      from: reader.prepare(`${select} ${within} AND latest = 1 AND marker = 0 ORDER BY key`),
      parse: versionOf,
    };
    this.#versions = {
      from: reader.prepare(`${select} ${within} ORDER BY key, sequence DESC`),
      rest: reader.prepare(`${select} ${ofKey} < ? ORDER BY sequence DESC`),
      parse: versionOf,
    };
    this.#uploads = {
      from: reader.prepare(`SELECT * FROM upload ${within} ORDER BY key, sequence`),
      rest: reader.prepare(`SELECT * FROM upload ${ofKey} > ? ORDER BY sequence`),
      parse: uploadOf,
    };
  }

  /** The latest versions that are no markers. Their pieces are left out, as in all lists. */
  objects(query: ListQuery): Listing<ObjectVersion> {
    return list(this.#objects, query);
  }

  versions(query: ListQuery): Listing<ObjectVersion> {
    return list(this.#versions, query);
  }

  uploads(query: ListQuery): Listing<Upload> {
    return list(this.#uploads, query);
  }
}

function list<T extends Keyed>(source: Source<T>, query: ListQuery): Listing<T> {
  const { bucket, prefix, after, limit } = query;
  const end = afterPrefix(prefix) ?? endOfKeys;
  const entries: Entry<T>[] = [];
  if (limit === 0) return { entries, truncated: false };
  if (after?.sequence !== undefined && source.rest !== undefined && after.key.startsWith(prefix)) {
    const rows = source.rest.iterate(bucket.id, after.key, after.sequence);
    if (take(source, query, rows, entries) === 'full') return { entries, truncated: true };
  }
  let from: string | undefined = startOf(query);
  while (from !== undefined) {
    const taken = take(source, query, source.from.iterate(bucket.id, from, end), entries);
    if (taken === 'full') return { entries, truncated: true };
    from = taken === 'done' ? undefined : afterPrefix(taken.prefix);
  }
  return { entries, truncated: false };
}

/** Takes rows until one more than the limit would be there, or until a prefix is rolled up and the rest of it skipped. */
function take<T extends Keyed>(
  { parse }: Source<T>,
  { prefix, delimiter, limit }: ListQuery,
  rows: Iterable<Record<string, unknown>>,
  entries: Entry<T>[],
): 'full' | 'done' | { readonly prefix: string } {
  for (const row of rows) {
    if (entries.length >= limit) return 'full';
    const rolled = rolledUp(String(row.key), prefix, delimiter);
    if (rolled !== undefined) {
      entries.push({ prefix: rolled });
      return { prefix: rolled };
    }
    entries.push({ item: parse(row) });
  }
  return 'done';
}

/** The part of a key up to the first delimiter after the prefix. */
export function rolledUp(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/** A marker that is itself a rolled up prefix stands for all that it rolled up. */
function startOf({ prefix, delimiter, after }: ListQuery): string | undefined {
  if (after === undefined) return prefix;
  const whole = rolledUp(after.key, prefix, delimiter) === after.key;
  const next = whole ? afterPrefix(after.key) : `${after.key}\0`;
  return next === undefined || Buffer.compare(Buffer.from(next), Buffer.from(prefix)) > 0 ? next : prefix;
}
