/** Every operation of S3, a row each, and two that the model does not have. */
import type { S3Types } from '../../../aws/models/s3.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import { withCors } from '../origins.ts';
import type { S3Parts } from '../parts.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteBucketCors } from './delete-bucket-cors.ts';
import { deleteBucketPolicy } from './delete-bucket-policy.ts';
import { deleteBucketTagging } from './delete-bucket-tagging.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjectTagging } from './delete-object-tagging.ts';
import { deleteObjects } from './delete-objects.ts';
import { getBucketCors } from './get-bucket-cors.ts';
import { getBucketLocation } from './get-bucket-location.ts';
import { getBucketNotificationConfiguration } from './get-bucket-notification-configuration.ts';
import { getBucketPolicy } from './get-bucket-policy.ts';
import { getBucketTagging } from './get-bucket-tagging.ts';
import { getBucketVersioning } from './get-bucket-versioning.ts';
import { getObject } from './get-object.ts';
import { getObjectAttributes } from './get-object-attributes.ts';
import { getObjectTagging } from './get-object-tagging.ts';
import { headBucket } from './head-bucket.ts';
import { headObject } from './head-object.ts';
import { listBuckets } from './list-buckets.ts';
import { listMultipartUploads } from './list-multipart-uploads.ts';
import { listObjectVersions } from './list-object-versions.ts';
import { listObjects } from './list-objects.ts';
import { listObjectsV2 } from './list-objects-v2.ts';
import { listParts } from './list-parts.ts';
import { optionsObject } from './options-object.ts';
import { postObject } from './post-object.ts';
import { putBucketCors } from './put-bucket-cors.ts';
import { putBucketNotificationConfiguration } from './put-bucket-notification-configuration.ts';
import { putBucketPolicy } from './put-bucket-policy.ts';
import { putBucketTagging } from './put-bucket-tagging.ts';
import { putBucketVersioning } from './put-bucket-versioning.ts';
import { putObject } from './put-object.ts';
import { putObjectTagging } from './put-object-tagging.ts';
import { unsupportedOperations } from './unsupported.ts';
import { uploadPart } from './upload-part.ts';
import { uploadPartCopy } from './upload-part-copy.ts';

export function createS3Table(parts: S3Parts) {
  const modelled = {
    ...unsupportedOperations,
    AbortMultipartUpload: abortMultipartUpload(parts),
    CompleteMultipartUpload: completeMultipartUpload(parts),
    CopyObject: copyObject(parts),
    CreateBucket: createBucket(parts),
    CreateMultipartUpload: createMultipartUpload(parts),
    DeleteBucket: deleteBucket(parts),
    DeleteBucketCors: deleteBucketCors(parts),
    DeleteBucketPolicy: deleteBucketPolicy(parts),
    DeleteBucketTagging: deleteBucketTagging(parts),
    DeleteObject: deleteObject(parts),
    DeleteObjectTagging: deleteObjectTagging(parts),
    DeleteObjects: deleteObjects(parts),
    GetBucketCors: getBucketCors(parts),
    GetBucketLocation: getBucketLocation(parts),
    GetBucketNotificationConfiguration: getBucketNotificationConfiguration(parts),
    GetBucketPolicy: getBucketPolicy(parts),
    GetBucketTagging: getBucketTagging(parts),
    GetBucketVersioning: getBucketVersioning(parts),
    GetObject: getObject(parts),
    GetObjectAttributes: getObjectAttributes(parts),
    GetObjectTagging: getObjectTagging(parts),
    HeadBucket: headBucket(parts),
    HeadObject: headObject(parts),
    ListBuckets: listBuckets(parts),
    ListMultipartUploads: listMultipartUploads(parts),
    ListObjectVersions: listObjectVersions(parts),
    ListObjects: listObjects(parts),
    ListObjectsV2: listObjectsV2(parts),
    ListParts: listParts(parts),
    PutBucketCors: putBucketCors(parts),
    PutBucketNotificationConfiguration: putBucketNotificationConfiguration(parts),
    PutBucketPolicy: putBucketPolicy(parts),
    PutBucketTagging: putBucketTagging(parts),
    PutBucketVersioning: putBucketVersioning(parts),
    PutObject: putObject(parts),
    PutObjectTagging: putObjectTagging(parts),
    UploadPart: uploadPart(parts),
    UploadPartCopy: uploadPartCopy(parts),
  } satisfies OperationTable<S3Types>;
  const browsersOwn = { OptionsObject: optionsObject(parts), PostObject: postObject(parts) };
  return withCors(parts.objects, { ...modelled, ...browsersOwn });
}
