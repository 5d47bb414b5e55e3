import { notImplementedHeader, s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** A bucket that had versions never gets rid of them: it can only rest. */
export function putBucketVersioning(parts: S3Parts): S3Operation<'PutBucketVersioning'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Status, MFADelete } = input.VersioningConfiguration ?? {};
      if (MFADelete === 'Enabled') throw notImplementedHeader('x-amz-mfa');
      if (Status === undefined) {
        const message = 'The Versioning element must be specified';
        throw s3Error('IllegalVersioningConfigurationException', message, 400);
      }
      await configure(parts, bucket, { versioning: Status });
      return {};
    },
  };
}
