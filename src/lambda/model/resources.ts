/**
 * What is kept besides functions: documents of many kinds, each with a key, most of them belonging to a function. A new
 * kind is one row in `ResourceKinds`, and one in `ownedByFunction` when it goes with its function.
 */
import type { Alias } from './alias.ts';
import type { CodeSigningConfig, FunctionSigning } from './code-signing.ts';
import type { EventInvokeConfig } from './event-invoke-config.ts';
import type { FunctionKey, FunctionVersion } from './function.ts';
import type { Layer, LayerVersion } from './layer.ts';
import type { Checkpoint } from './mapping/checkpoint.ts';
import type { Mapping, MappingClaim } from './mapping/mapping.ts';
import type { ProvisionedConcurrency } from './provisioned-concurrency.ts';
import type { ResourcePolicy } from './resource-policy.ts';
import type { FunctionUrl, UrlAddress } from './url.ts';

/** Documents by kind. One with a `code` counts in the account's storage, and its package is kept. */
export interface ResourceKinds {
  /** A published version; owner: the function, name: `versionName(number)`. */
  version: FunctionVersion;
  /** Owner: the function, name: the alias. */
  alias: Alias;
  /** The highest version number that was ever given; outlives the function. Owner: the function, name: ''. */
  'version-counter': { readonly last: number };
  /** How far a version with SnapStart is; of all that are. Owner and name as of the version. */
  snapshot: { readonly status: 'wanted' | 'taken' | 'refused' };
  /** Owner: the function, name: `$LATEST`, a version or an alias. */
  'event-invoke-config': EventInvokeConfig;
  /** Owner: the function, name: a version or an alias. */
  'provisioned-concurrency': ProvisionedConcurrency;
  /** Owner: the function, name: `$LATEST` or a version. */
  'runtime-management': {
    readonly updateRuntimeOn: 'Auto' | 'FunctionUpdate' | 'Manual';
    readonly runtimeVersionArn?: string;
  };
  /** Owner: the function, name: ''. */
  'recursion-config': { readonly recursiveLoop: 'Allow' | 'Terminate' };
  /** Owner: the function, name: ''. */
  'reserved-concurrency': { readonly places: number };
  /** Owner: the function, name: the version or alias it is for; '' for the function itself. */
  policy: ResourcePolicy;
  /** `layerPlace` and `layerVersionPlace` say where. */
  layer: Layer;
  'layer-version': LayerVersion;
  'layer-policy': ResourcePolicy;
  /** Owner: '', name: its id. */
  'code-signing-config': CodeSigningConfig;
  /** Owner: the function, name: ''. */
  'function-signing': FunctionSigning;
  /** An event source mapping; outlives its function. Owner: '', name: its UUID. */
  mapping: Mapping;
  /** The mapping that a source and a function have; see `claimKey`. */
  'mapping-claim': MappingClaim;
  /** How far a mapping has come. Owner: its UUID, name: the shard or partition. */
  'mapping-checkpoint': Checkpoint;
  /** Owner: the function, name: the alias; '' for the function itself. */
  'function-url': FunctionUrl;
  /** By the id in an address; see `addressKey`. */
  'url-address': UrlAddress;
  /** A budget that was reached. No account and region; owner: the month, name: the dollars. */
  'budget-raised': { readonly spent: number; readonly raisedAt: number };
}

export type ResourceKind = keyof ResourceKinds;

/** Gone in the same commit as the function that owns them. */
export const ownedByFunction: readonly ResourceKind[] = [
  'version',
  'snapshot',
  'alias',
  'reserved-concurrency',
  'policy',
  'function-url',
  'event-invoke-config',
  'provisioned-concurrency',
  'runtime-management',
  'recursion-config',
  'function-signing',
];

/** Named like the version or alias that they are for, and gone in the same commit as it. */
export const ownedByQualifier: readonly ResourceKind[] = [
  'policy',
  'event-invoke-config',
  'provisioned-concurrency',
  'runtime-management',
];

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

export interface ResourceKey extends Place {
  /** The function or layer that it belongs to; empty for what stands alone. */
  readonly owner: string;
  /** Within its owner and kind; lists are in its order. */
  readonly name: string;
}

export interface Entry<K extends ResourceKind> {
  readonly key: ResourceKey;
  readonly value: ResourceKinds[K];
}

export interface ResourceScope extends Place {
  /** Of this owner alone. */
  readonly owner?: string;
  /** Behind this one, in the order of owner and name. */
  readonly after?: Pick<ResourceKey, 'owner' | 'name'>;
  readonly limit: number;
}

/** What has to be true of the document before; a change whose condition does not hold undoes all that go with it. */
export type Condition = 'any' | 'absent' | 'present' | { readonly revisionId: string };

export type Change = { [K in ResourceKind]: Put<K> | Remove<K> }[ResourceKind];

export interface Put<K extends ResourceKind> {
  readonly what: 'put';
  readonly kind: K;
  readonly key: ResourceKey;
  readonly value: ResourceKinds[K];
  readonly when: Condition;
}

export interface Remove<K extends ResourceKind> {
  readonly what: 'remove';
  readonly kind: K;
  readonly key: ResourceKey;
  readonly when: Exclude<Condition, 'absent'>;
}

/** Reads are synchronous, and single documents come from memory; what was written counts once `write` resolves. */
export interface ResourceStore {
  get<K extends ResourceKind>(kind: K, key: ResourceKey): ResourceKinds[K] | undefined;
  list<K extends ResourceKind>(kind: K, scope: ResourceScope): Entry<K>[];
  /** Of every account and region: for who starts, and makes so what is written. */
  all<K extends ResourceKind>(kind: K): Entry<K>[];
  /** How many of a kind an owner has. */
  count(kind: ResourceKind, owner: Omit<ResourceKey, 'name'>): number;
  /** All of them, or none and `false` when a condition does not hold. Durable when it resolves. */
  write(changes: readonly Change[]): Promise<boolean>;
}

export function put<K extends ResourceKind>(
  kind: K,
  key: ResourceKey,
  value: ResourceKinds[K],
  when: Condition = 'any',
): Put<K> {
  return { what: 'put', kind, key, value, when };
}

export function remove<K extends ResourceKind>(kind: K, key: ResourceKey, when: Remove<K>['when'] = 'any'): Remove<K> {
  return { what: 'remove', kind, key, when };
}

const entriesAtOnce = 100;

/** As `list`, a few at a time for as long as somebody wants more. */
export function* everyEntry<K extends ResourceKind>(
  store: Pick<ResourceStore, 'list'>,
  kind: K,
  scope: Omit<ResourceScope, 'limit'>,
): IteratorObject<Entry<K>, undefined> {
  let { after } = scope;
  let found: Entry<K>[];
  do {
    found = store.list(kind, { ...scope, after, limit: entriesAtOnce });
    yield* found;
    after = found.at(-1)?.key;
  } while (found.length === entriesAtOnce);
}

/** The key of what belongs to a function. */
export function ownedKey({ accountId, region, name: owner }: FunctionKey, name: string): ResourceKey {
  return { accountId, region, owner, name };
}

/** What goes with a version or alias of a function. */
export function removeOwnedByQualifier(key: FunctionKey, qualifier: string): Change[] {
  return ownedByQualifier.map((kind) => remove(kind, ownedKey(key, qualifier)));
}

/** To go with what makes the version one that only waits for its snapshot. */
export function snapshotWanted(version: FunctionVersion): Change {
  return put('snapshot', ownedKey(version, versionName(version.version)), { status: 'wanted' });
}

/** Version numbers as names that sort as numbers do. */
export function versionName(version: number | string): string {
  return String(version).padStart(12, '0');
}
