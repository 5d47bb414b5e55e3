/** Which version a function's qualifier stands for: `$LATEST`, a number, or an alias (reference: lambda-semantics 1.2 and 1.8). */
import type { Random } from '../../base/random.ts';
import type { Alias } from './alias.ts';
import type { FunctionKey, FunctionVersion } from './function.ts';
import type { FunctionStore } from './function-store.ts';
import { ownedKey, type ResourceStore, versionName } from './resources.ts';

export const latestQualifier = '$LATEST';

/** What the stores know, and chance; `LambdaParts` fits. */
export interface VersionSources {
  readonly functions: Pick<FunctionStore, 'get'>;
  readonly resources: Pick<ResourceStore, 'get'>;
  readonly random: Pick<Random, 'fraction'>;
}

/**
 * The immutable snapshot that an invocation runs: of `$LATEST` the one that serves, of an alias one of its versions, by
 * chance and anew for each request. One that is not Active cannot run now; undefined when there is none.
 */
export function versionToRun(
  sources: VersionSources,
  key: FunctionKey,
  qualifier: string = latestQualifier,
): FunctionVersion | undefined {
  if (qualifier === latestQualifier) return servingVersion(sources, key);
  if (isVersionNumber(qualifier)) return publishedVersion(sources, key, qualifier);
  const alias = sources.resources.get('alias', ownedKey(key, qualifier));
  if (alias === undefined) return undefined;
  const chosen = chosenVersion(alias, sources.random);
  return chosen === latestQualifier ? servingVersion(sources, key) : publishedVersion(sources, key, chosen);
}

/** What a reader is shown: of `$LATEST` what should be, of an alias the version that it names. */
export function versionToShow(
  sources: Pick<VersionSources, 'functions' | 'resources'>,
  key: FunctionKey,
  qualifier: string = latestQualifier,
): FunctionVersion | undefined {
  if (qualifier === latestQualifier) return sources.functions.get(key)?.latest;
  if (isVersionNumber(qualifier)) return publishedVersion(sources, key, qualifier);
  const alias = sources.resources.get('alias', ownedKey(key, qualifier));
  // A version is never an alias, so this goes round once.
  return alias && versionToShow(sources, key, alias.functionVersion);
}

/** As they are given: from 1, without leading zeros. An alias cannot look like one. */
export function isVersionNumber(qualifier: string): boolean {
  return /^[1-9]\d{0,11}$/.test(qualifier);
}

export function publishedVersion(
  { resources }: Pick<VersionSources, 'resources'>,
  key: FunctionKey,
  version: string,
): FunctionVersion | undefined {
  return resources.get('version', ownedKey(key, versionName(version)));
}

function servingVersion({ functions }: VersionSources, key: FunctionKey): FunctionVersion | undefined {
  const record = functions.get(key);
  return record?.serving ?? record?.latest;
}

/** A weight is the share of the further version; the rest goes to the one that the alias names. */
function chosenVersion({ functionVersion, additionalVersionWeights }: Alias, random: Pick<Random, 'fraction'>): string {
  for (const version in additionalVersionWeights) {
    if (random.fraction() < (additionalVersionWeights[version] ?? 0)) return version;
  }
  return functionVersion;
}
