import type { FunctionKey, FunctionRecord } from './function.ts';
import type { Change } from './resources.ts';

/** Where functions are kept. Reads are synchronous and cheap (the invoke path makes one); writes resolve once durable. */
export interface FunctionStore {
  get(key: FunctionKey): FunctionRecord | undefined;
  /** By name within an account and region, after `after`, `limit` at most. */
  list(scope: { accountId: string; region: string; after?: string; limit: number }): FunctionRecord[];
  /** Adds a record; resolves `false`, changing nothing, when the name is taken. `also` is committed with it. */
  create(record: FunctionRecord, also?: readonly Change[]): Promise<boolean>;
  /**
   * Replaces the record when `latest.revisionId` is still `ifRevision`, and makes the changes in `also` with it; resolves
   * `false`, changing nothing, when that or a condition of theirs does not hold.
   */
  replace(record: FunctionRecord, ifRevision: string, also?: readonly Change[]): Promise<boolean>;
  /** With all resources that it owns (`ownedByFunction`). Resolves `false` when there was none. */
  delete(key: FunctionKey): Promise<boolean>;
  /** Functions whose `latest` still has to be made ready: state Pending or lastUpdateStatus InProgress; `limit` at most. */
  unfinished(limit: number): FunctionRecord[];
  /** Zipped code bytes of functions, published versions and layers, and the number of functions, in an account and region. */
  usage(scope: { accountId: string; region: string }): { codeBytes: number; functions: number };
  /** The runtimes that functions and their versions have, each once. */
  runtimesInUse(): string[];
  /** The ARNs of their roles, each once. Reads them all. */
  rolesInUse(): string[];
  /**
   * SHA-256 of every package that a function, a version or a layer still needs, and `laidTogether` of their layers, for
   * cleaning up.
   */
  referencedCode(): Set<string>;
}
