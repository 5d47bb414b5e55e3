/** A new version of a function, on its own or along with what makes or changes the function. */
import { type PublicationInput, published, sameAsPublished } from '../../lifecycle/publication.ts';
import { codeStorageExceeded } from '../../model/errors.ts';
import type { FunctionKey, FunctionVersion } from '../../model/function.ts';
import { publishedVersion } from '../../model/qualifier.ts';
import { type Change, ownedKey, put, snapshotWanted, versionName } from '../../model/resources.ts';
import { isSnapStarted } from '../../model/snap-start.ts';
import type { LambdaParts } from '../parts.ts';

export interface Publication {
  readonly version: FunctionVersion;
  /** To be committed with the function's record, whose revision makes sure that no other publication came between. */
  readonly changes: readonly Change[];
}

type PublicationParts = Pick<LambdaParts, 'functions' | 'resources' | 'random' | 'clock' | 'settings'>;

/** Gives it the next number: one higher than any that a function of this name ever had, also one that was deleted. */
export function publication(
  parts: PublicationParts,
  latest: FunctionVersion,
  how: Pick<PublicationInput, 'description' | 'along'>,
): Publication {
  const { random, clock } = parts;
  const number = lastNumber(parts, latest) + 1;
  const ids = { id: random.uuid(), revisionId: random.uuid(), version: String(number) };
  const version = published(latest, { ...ids, ...how }, clock.now());
  return {
    version,
    changes: [
      put('version', ownedKey(latest, versionName(number)), version, 'absent'),
      put('version-counter', ownedKey(latest, ''), { last: number }),
      // One that is published along has to be ready itself before.
      ...(how.along || !isSnapStarted(version) ? [] : [snapshotWanted(version)]),
    ],
  };
}

/** The version published last, when it can run and `$LATEST` has not changed since: publishing again makes no other. */
export function unchangedVersion(
  parts: PublicationParts,
  latest: FunctionKey & Pick<FunctionVersion, 'code' | 'configuration'>,
): FunctionVersion | undefined {
  const last = publishedVersion(parts, latest, String(lastNumber(parts, latest)));
  if (last === undefined || last.state.value === 'Failed') return undefined;
  return sameAsPublished(latest, last) ? last : undefined;
}

/** Every version counts its package in the account's storage, though the bytes are kept once. */
export function checkStorageForVersion({ functions, settings }: PublicationParts, latest: FunctionVersion): void {
  const after = functions.usage(latest).codeBytes + latest.code.size;
  if (after > settings.codeStorageBytesMax) throw codeStorageExceeded('Code storage limit exceeded.');
}

function lastNumber({ resources }: PublicationParts, key: FunctionKey): number {
  return resources.get('version-counter', ownedKey(key, ''))?.last ?? 0;
}
