import type { FunctionKey, FunctionRecord } from './function.ts';

/** Where functions are kept. Reads are synchronous and cheap (the invoke path makes one); writes resolve once durable. */
export interface FunctionStore {
  get(key: FunctionKey): FunctionRecord | undefined;
  /** By name within an account and region, after `after`, `limit` at most. */
  list(scope: { accountId: string; region: string; after?: string; limit: number }): FunctionRecord[];
  /** Adds a record; resolves `false`, changing nothing, when the name is taken. */
  create(record: FunctionRecord): Promise<boolean>;
  /**
   * Replaces the record when `latest.revisionId` is still `ifRevision`; resolves `false`, changing nothing, otherwise.
   */
  replace(record: FunctionRecord, ifRevision: string): Promise<boolean>;
  /** Resolves `false` when there was none. */
  delete(key: FunctionKey): Promise<boolean>;
  /** Functions whose `latest` still has to be made ready: state Pending or lastUpdateStatus InProgress. */
  unfinished(): FunctionRecord[];
  /** Sum of zipped code bytes and number of functions in an account and region, for GetAccountSettings. */
  usage(scope: { accountId: string; region: string }): { codeBytes: number; functions: number };
  /** The runtimes that functions have, each once. */
  runtimesInUse(): string[];
  /** SHA-256 of every package that a record still needs, for cleaning up. */
  referencedCode(): Set<string>;
}
