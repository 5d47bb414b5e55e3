import { malformedXml, s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** Kept and told, as with the objects' own header; keys of KMS are not here (differences.ts). */
export function putBucketEncryption(parts: S3Parts): S3Operation<'PutBucketEncryption'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const encryption = input.ServerSideEncryptionConfiguration?.Rules ?? [];
      const algorithms = encryption.map((rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256');
      if (encryption.length !== 1) throw malformedXml();
      if (algorithms.some((algorithm) => algorithm !== 'AES256')) {
        throw s3Error('NotImplemented', 'Encryption with keys of KMS is not implemented: use AES256', 501);
      }
      await configure(parts, bucket, { encryption });
      return {};
    },
  };
}
