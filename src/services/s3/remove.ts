/** The deletion of one object or version, by itself or among many. */
import type { RequestContext } from '../../aws/operation.ts';
import type { Bucket } from '../../store/objects/records.ts';
import { writeCondition } from './conditions.ts';
import { checkKey } from './names.ts';
import { removed } from './notifications/notify.ts';
import { type S3Parts, shownVersion } from './parts.ts';

interface RemoveInput {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly IfMatch?: string | undefined;
}

export interface RemovedObject {
  /** A delete marker was made, or was what went. */
  readonly marker: boolean;
  readonly version: string | undefined;
  readonly made: boolean;
}

export async function removeObject(
  parts: S3Parts,
  bucket: Bucket,
  { Key: key = '', VersionId, IfMatch }: RemoveInput,
  context: RequestContext,
): Promise<RemovedObject> {
  checkKey(key);
  const check = IfMatch === undefined ? undefined : writeCondition(key, { IfMatch });
  const also = removed(parts, { bucket, context });
  const { kind, version } = await parts.objects.versions.remove({ bucket, key, version: VersionId, check, also });
  const made = kind === 'marked';
  if (version === undefined) return { marker: false, version: VersionId, made };
  const shown = VersionId ?? (made ? shownVersion(bucket, version) : undefined);
  return { marker: version.marker, version: shown, made };
}
