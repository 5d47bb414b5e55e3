import { notThere } from '../../model/configuration.ts';
import { invalidParameterValue, notNow, resourceConflict } from '../../model/errors.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { codeSha256 } from '../../model/render.ts';
import { isSnapStarted } from '../../model/snap-start.ts';
import { change, checkChangeable, existingFunction } from '../function/record.ts';
import { shownFunction } from '../function/shown.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { checkStorageForVersion, publication, unchangedVersion } from './publication.ts';

/** Makes nothing, and answers the version published last, when neither code nor configuration changed since. */
export function publishVersion(parts: LambdaParts): LambdaOperation<'PublishVersion'> {
  const { functions, random } = parts;
  return {
    async handle({ FunctionName, CodeSha256, Description, RevisionId, PublishTo }, context) {
      if (PublishTo !== undefined) throw notThere('PublishTo', 'managed instances');
      const record = existingFunction(functions, unqualifiedFunction(FunctionName, context));
      const { latest } = record;
      checkChangeable(record, RevisionId);
      checkSettled(latest);
      if (CodeSha256) checkCode(CodeSha256, codeSha256(latest));
      const unchanged = unchangedVersion(parts, latest);
      if (unchanged) return shownFunction(parts, unchanged, unchanged.version);
      checkStorageForVersion(parts, latest);
      const { version, changes } = publication(parts, latest, { description: Description, along: false });
      await change(parts, record, { kind: 'publish', revisionId: random.uuid() }, changes);
      if (isSnapStarted(version)) parts.snapshotWanted(version);
      return shownFunction(parts, version, version.version);
    },
  };
}

/** A version is for good: what could not be made ready is not published. */
function checkSettled({ state, lastUpdateStatus }: FunctionVersion): void {
  if (state.value === 'Failed') throw notNow('Failed');
  if (lastUpdateStatus?.value !== 'Failed') return;
  throw resourceConflict(`Cannot publish a version: the last update failed: ${lastUpdateStatus.reason}`);
}

function checkCode(given: string, current: string): void {
  if (given === current) return;
  throw invalidParameterValue(
    `CodeSHA256 (${given}) is different from current CodeSHA256 in $LATEST (${current}). Please try again with the CodeSHA256 in $LATEST.`,
  );
}
