import { bucketFor, type S3Parts } from '../parts.ts';
import { removeObject } from '../remove.ts';
import type { S3Operation } from './types.ts';

/** A key that is not there is deleted like any other. */
export function deleteObject(parts: S3Parts): S3Operation<'DeleteObject'> {
  return {
    streaming: true,
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { marker, version } = await removeObject(parts, bucket, input, context);
      return { DeleteMarker: marker ? true : undefined, VersionId: version };
    },
  };
}
