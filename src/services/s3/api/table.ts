/** Every operation of S3, a row each. */
import type { S3Types } from '../../../aws/models/s3.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { S3Parts } from '../parts.ts';
import { createBucket } from './create-bucket.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjects } from './delete-objects.ts';
import { getBucketLocation } from './get-bucket-location.ts';
import { getObject } from './get-object.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listObjects } from './list-objects.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { putObject } from './put-object.ts';
import { unsupportedOperations } from './unsupported.ts';

export function createS3Table(parts: S3Parts) {
  return {
    ...unsupportedOperations,
    CreateBucket: createBucket(parts),
    DeleteBucket: deleteBucket(parts),
    DeleteObject: deleteObject(parts),
    DeleteObjects: deleteObjects(parts),
    GetBucketLocation: getBucketLocation(parts),
    GetObject: getObject(parts),
    HeadBucket: headBucket(parts),
    HeadObject: headObject(parts),
    ListBuckets: listBuckets(parts),
    ListObjects: listObjects(parts),
    ListObjectsV2: listObjectsV2(parts),
    PutObject: putObject(parts),
  } satisfies OperationTable<S3Types>;
}
