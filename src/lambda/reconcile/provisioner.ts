/**
 * Makes so what is written of provisioned concurrency: tells the pool and the admission how many of which version are to
 * be there, follows aliases to their versions, and says how far that is. A start and a change take this one path.
 */
import type { Admission } from '../invoke/admit.ts';
import { sharesOf } from '../model/alias.ts';
import { type FunctionKey, type FunctionVersion, functionKeyText } from '../model/function.ts';
import { isVersionNumber, publishedVersion } from '../model/qualifier.ts';
import { ownedKey, type ResourceStore } from '../model/resources.ts';

/** The pool's side. */
export interface ProvisionedPool {
  provision(version: FunctionVersion, wanted: number): void;
  provisioned(versionId: string): { readonly ready: number; readonly failure?: string };
}

export interface ProvisionerParts {
  readonly resources: ResourceStore;
  readonly admission: Admission;
  /** Before what is there changes. */
  readonly changing?: () => void;
}

export interface ProvisionedState {
  /** Environments that are there and initialised, as many as were asked for at most. */
  readonly ready: number;
  readonly status: 'READY' | 'IN_PROGRESS' | 'FAILED';
  readonly reason?: string;
}

/** How many of each version, by its number. */
type Wanted = ReadonlyMap<string, { readonly version: FunctionVersion; readonly count: number }>;

export class Provisioner {
  readonly #parts: ProvisionerParts;
  /** By function; those that have some. */
  readonly #wanted = new Map<string, Wanted>();
  #pool: ProvisionedPool | undefined;

  constructor(parts: ProvisionerParts) {
    this.#parts = parts;
  }

  /** The pool is there: all that is written is to be made. */
  begin(pool: ProvisionedPool): void {
    this.#pool = pool;
    this.#wanted.clear();
    for (const { key } of this.#parts.resources.all('provisioned-concurrency')) {
      this.changed({ accountId: key.accountId, region: key.region, name: key.owner });
    }
  }

  /** What there is now, ready, of each version that is to have some. */
  *made(): Generator<readonly [version: FunctionVersion, ready: number]> {
    for (const wanted of this.#wanted.values()) {
      for (const { version, count } of wanted.values()) {
        yield [version, Math.min(count, this.#pool?.provisioned(version.id).ready ?? 0)];
      }
    }
  }

  /** Something was written that may change what the function is to have: a configuration, an alias, its end. */
  changed(key: FunctionKey): void {
    const name = functionKeyText(key);
    const before = this.#wanted.get(name);
    const wanted = this.#read(key);
    if (before === undefined && wanted.size === 0) return;
    this.#parts.changing?.();
    this.#parts.admission.provision(key, new Map([...wanted].map(([number, { count }]) => [number, count])));
    if (wanted.size === 0) this.#wanted.delete(name);
    else this.#wanted.set(name, wanted);
    if (this.#pool === undefined) return;
    for (const [number, { version }] of before ?? []) if (!wanted.has(number)) this.#pool.provision(version, 0);
    for (const [number, { version, count }] of wanted) {
      if (before?.get(number)?.count !== count) this.#pool.provision(version, count);
    }
  }

  /** Of what is configured for a version or an alias, which exists. */
  state(key: FunctionKey, qualifier: string, requested: number): ProvisionedState {
    const shares = [...this.#shares(key, qualifier, requested)];
    const made = shares.map(([{ id }, count]) => {
      const { ready, failure } = this.#pool?.provisioned(id) ?? { ready: 0 };
      return { ready: Math.min(count, ready), failure };
    });
    const ready = made.reduce((sum, one) => sum + one.ready, 0);
    if (ready >= requested) return { ready, status: 'READY' };
    const reason = made.find(({ failure }) => failure !== undefined)?.failure;
    return reason === undefined ? { ready, status: 'IN_PROGRESS' } : { ready, status: 'FAILED', reason };
  }

  #read(key: FunctionKey): Wanted {
    const wanted = new Map<string, { version: FunctionVersion; count: number }>();
    const all = { ...ownedKey(key, ''), limit: Number.MAX_SAFE_INTEGER };
    for (const entry of this.#parts.resources.list('provisioned-concurrency', all)) {
      for (const [version, share] of this.#shares(key, entry.key.name, entry.value.requested)) {
        const count = (wanted.get(version.version)?.count ?? 0) + share;
        wanted.set(version.version, { version, count });
      }
    }
    return wanted;
  }

  /** An alias that leads to two versions has some of each. */
  *#shares(key: FunctionKey, qualifier: string, requested: number): Generator<[FunctionVersion, number]> {
    const { resources } = this.#parts;
    const alias = isVersionNumber(qualifier) ? undefined : resources.get('alias', ownedKey(key, qualifier));
    const shares = alias === undefined ? new Map([[qualifier, requested]]) : sharesOf(alias, requested);
    for (const [number, count] of shares) {
      const version = publishedVersion({ resources }, key, number);
      if (version !== undefined && count > 0) yield [version, count];
    }
  }
}
