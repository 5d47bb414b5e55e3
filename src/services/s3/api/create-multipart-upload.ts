import { isAlgorithm } from '../checksums/algorithms.ts';
import { named } from '../checksums/announced.ts';
import { detailsOf } from '../details.ts';
import { noSuchBucket } from '../errors.ts';
import { checksumType } from '../multipart.ts';
import { checkKey } from '../names.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

export function createMultipartUpload(parts: S3Parts): S3Operation<'CreateMultipartUpload'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Key: key = '' } = input;
      checkKey(key);
      const algorithm = named(input.ChecksumAlgorithm)?.algorithm;
      const checksum =
        algorithm === undefined ? undefined : { algorithm, type: checksumType(algorithm, input.ChecksumType) };
      const details = { ...detailsOf(input), checksum, initiator: context.principal.arn };
      const upload = await parts.objects.uploads.create(bucket, key, details);
      if (upload === undefined) throw noSuchBucket(bucket.name);
      return {
        Bucket: bucket.name,
        Key: key,
        UploadId: upload.id,
        ServerSideEncryption: input.ServerSideEncryption,
        ChecksumAlgorithm: algorithm !== undefined && isAlgorithm(algorithm) ? algorithm : undefined,
        ChecksumType: checksum?.type,
      };
    },
  };
}
