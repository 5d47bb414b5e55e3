/** What a published version is made of, what becomes of it, and when there is nothing to publish (reference: lambda-semantics 1.8). */
import { isDeepStrictEqual } from 'node:util';
import type { FunctionConfiguration, FunctionVersion } from '../model/function.ts';
import { isSnapStarted } from '../model/snap-start.ts';
import { underWay } from './function-state.ts';

export interface PublicationInput {
  readonly id: string;
  readonly revisionId: string;
  readonly version: string;
  /** Instead of the description that `$LATEST` has. */
  readonly description?: string;
  /** Published along with a creation or an update: it is made ready with `$LATEST`. */
  readonly along: boolean;
}

/** The immutable copy of `$LATEST`. */
export function published(latest: FunctionVersion, input: PublicationInput, now: number): FunctionVersion {
  const { id, revisionId, version, description = latest.configuration.description, along } = input;
  const { configuration } = latest;
  const own = description !== configuration.description;
  return {
    ...latest,
    id,
    revisionId,
    version,
    lastModified: now,
    configuration: own ? { ...configuration, description } : configuration,
    ...(own && { descriptionOfLatest: configuration.description }),
    state: along || isSnapStarted({ version, configuration }) ? { value: 'Pending', ...underWay } : latest.state,
    lastUpdateStatus: along ? undefined : latest.lastUpdateStatus,
  };
}

/** The version that was published along, once `$LATEST` is ready or has failed; its revision does not change after that. */
export function settledWith(
  { lastUpdateStatus: outcome }: FunctionVersion,
  version: FunctionVersion,
  revisionId: string,
): FunctionVersion {
  const state: FunctionVersion['state'] =
    outcome?.value === 'Failed' ? { ...outcome, value: 'Failed' } : isSnapStarted(version) ? version.state : active;
  return { ...version, revisionId, state, lastUpdateStatus: outcome };
}

/** What became of the snapshot that a version was to have. */
export type SnapshotOutcome =
  | { readonly kind: 'taken' }
  /** It runs without. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** The version with SnapStart, which was Pending until now. */
export function snapshotted(version: FunctionVersion, outcome: SnapshotOutcome, revisionId: string): FunctionVersion {
  switch (outcome.kind) {
    case 'taken':
      return { ...version, revisionId, state: active, optimization: 'On' };
    case 'refused':
      return { ...version, revisionId, state: { ...active, reason: `No snapshot was taken: ${outcome.why}` } };
    case 'failed':
      return { ...version, revisionId, state: { value: 'Failed', reason: outcome.why, reasonCode: 'FunctionError' } };
  }
}

const active = { value: 'Active' } as const;

/** Neither code nor configuration changed since this version was published; what else it was called does not count. */
export function sameAsPublished(
  latest: Pick<FunctionVersion, 'code' | 'configuration'>,
  version: FunctionVersion,
): boolean {
  const { configuration, descriptionOfLatest = configuration.description } = version;
  const then = { ...configuration, description: descriptionOfLatest };
  return latest.code.sha256 === version.code.sha256 && same(latest.configuration, then);
}

/** As they are kept: a member that is undefined is one that is absent. */
function same(one: FunctionConfiguration, other: FunctionConfiguration): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}
