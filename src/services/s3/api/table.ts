/** Every operation of S3, a row each, and two that the model does not have. */
import type { S3Types } from '../../../aws/models/s3.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import { withDigests } from '../digests.ts';
import { withCors } from '../origins.ts';
import type { S3Parts } from '../parts.ts';
import { abortMultipartUpload } from './abort-multipart-upload.ts';
import { completeMultipartUpload } from './complete-multipart-upload.ts';
import { copyObject } from './copy-object.ts';
import { createBucket } from './create-bucket.ts';
import { createMultipartUpload } from './create-multipart-upload.ts';
import { deleteBucket } from './delete-bucket.ts';
import { deleteBucketCors } from './delete-bucket-cors.ts';
import { deleteBucketEncryption } from './delete-bucket-encryption.ts';
import { deleteBucketLifecycle } from './delete-bucket-lifecycle.ts';
import { deleteBucketOwnershipControls } from './delete-bucket-ownership-controls.ts';
import { deleteBucketPolicy } from './delete-bucket-policy.ts';
import { deleteBucketTagging } from './delete-bucket-tagging.ts';
import { deleteObject } from './delete-object.ts';
import { deleteObjectTagging } from './delete-object-tagging.ts';
import { deleteObjects } from './delete-objects.ts';
import { deletePublicAccessBlock } from './delete-public-access-block.ts';
import { getBucketAccelerateConfiguration } from './get-bucket-accelerate-configuration.ts';
import { getBucketAcl } from './get-bucket-acl.ts';
import { getBucketCors } from './get-bucket-cors.ts';
import { getBucketEncryption } from './get-bucket-encryption.ts';
import { getBucketLifecycleConfiguration } from './get-bucket-lifecycle-configuration.ts';
import { getBucketLocation } from './get-bucket-location.ts';
import { getBucketLogging } from './get-bucket-logging.ts';
import { getBucketNotificationConfiguration } from './get-bucket-notification-configuration.ts';
import { getBucketOwnershipControls } from './get-bucket-ownership-controls.ts';
import { getBucketPolicy } from './get-bucket-policy.ts';
import { getBucketPolicyStatus } from './get-bucket-policy-status.ts';
import { getBucketReplication } from './get-bucket-replication.ts';
import { getBucketRequestPayment } from './get-bucket-request-payment.ts';
import { getBucketTagging } from './get-bucket-tagging.ts';
import { getBucketVersioning } from './get-bucket-versioning.ts';
import { getBucketWebsite } from './get-bucket-website.ts';
import { getObject } from './get-object.ts';
import { getObjectAcl } from './get-object-acl.ts';
import { getObjectAttributes } from './get-object-attributes.ts';
import { getObjectLockConfiguration } from './get-object-lock-configuration.ts';
import { getObjectTagging } from './get-object-tagging.ts';
import { getPublicAccessBlock } from './get-public-access-block.ts';
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
import { putBucketAcl } from './put-bucket-acl.ts';
import { putBucketCors } from './put-bucket-cors.ts';
import { putBucketEncryption } from './put-bucket-encryption.ts';
import { putBucketLifecycleConfiguration } from './put-bucket-lifecycle-configuration.ts';
import { putBucketNotificationConfiguration } from './put-bucket-notification-configuration.ts';
import { putBucketOwnershipControls } from './put-bucket-ownership-controls.ts';
import { putBucketPolicy } from './put-bucket-policy.ts';
import { putBucketTagging } from './put-bucket-tagging.ts';
import { putBucketVersioning } from './put-bucket-versioning.ts';
import { putObject } from './put-object.ts';
import { putObjectAcl } from './put-object-acl.ts';
import { putObjectTagging } from './put-object-tagging.ts';
import { putPublicAccessBlock } from './put-public-access-block.ts';
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
    DeleteBucketEncryption: deleteBucketEncryption(parts),
    DeleteBucketLifecycle: deleteBucketLifecycle(parts),
    DeleteBucketOwnershipControls: deleteBucketOwnershipControls(parts),
    DeleteBucketPolicy: deleteBucketPolicy(parts),
    DeleteBucketTagging: deleteBucketTagging(parts),
    DeleteObject: deleteObject(parts),
    DeleteObjectTagging: deleteObjectTagging(parts),
    DeleteObjects: deleteObjects(parts),
    DeletePublicAccessBlock: deletePublicAccessBlock(parts),
    GetBucketAccelerateConfiguration: getBucketAccelerateConfiguration(parts),
    GetBucketAcl: getBucketAcl(parts),
    GetBucketCors: getBucketCors(parts),
    GetBucketEncryption: getBucketEncryption(parts),
    GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration(parts),
    GetBucketLocation: getBucketLocation(parts),
    GetBucketLogging: getBucketLogging(parts),
    GetBucketNotificationConfiguration: getBucketNotificationConfiguration(parts),
    GetBucketOwnershipControls: getBucketOwnershipControls(parts),
    GetBucketPolicy: getBucketPolicy(parts),
    GetBucketPolicyStatus: getBucketPolicyStatus(parts),
    GetBucketReplication: getBucketReplication(parts),
    GetBucketRequestPayment: getBucketRequestPayment(parts),
    GetBucketTagging: getBucketTagging(parts),
    GetBucketVersioning: getBucketVersioning(parts),
    GetBucketWebsite: getBucketWebsite(parts),
    GetObject: getObject(parts),
    GetObjectAcl: getObjectAcl(parts),
    GetObjectAttributes: getObjectAttributes(parts),
    GetObjectLockConfiguration: getObjectLockConfiguration(parts),
    GetObjectTagging: getObjectTagging(parts),
    GetPublicAccessBlock: getPublicAccessBlock(parts),
    HeadBucket: headBucket(parts),
    HeadObject: headObject(parts),
    ListBuckets: listBuckets(parts),
    ListMultipartUploads: listMultipartUploads(parts),
    ListObjectVersions: listObjectVersions(parts),
    ListObjects: listObjects(parts),
    ListObjectsV2: listObjectsV2(parts),
    ListParts: listParts(parts),
    PutBucketAcl: putBucketAcl(parts),
    PutBucketCors: putBucketCors(parts),
    PutBucketEncryption: putBucketEncryption(parts),
    PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration(parts),
    PutBucketNotificationConfiguration: putBucketNotificationConfiguration(parts),
    PutBucketOwnershipControls: putBucketOwnershipControls(parts),
    PutBucketPolicy: putBucketPolicy(parts),
    PutBucketTagging: putBucketTagging(parts),
    PutBucketVersioning: putBucketVersioning(parts),
    PutObject: putObject(parts),
    PutObjectAcl: putObjectAcl(parts),
    PutObjectTagging: putObjectTagging(parts),
    PutPublicAccessBlock: putPublicAccessBlock(parts),
    UploadPart: uploadPart(parts),
    UploadPartCopy: uploadPartCopy(parts),
  } satisfies OperationTable<S3Types>;
  const answeringPages = withCors(parts.objects, { ...withDigests(modelled), PostObject: postObject(parts) });
  return { ...answeringPages, OptionsObject: optionsObject(parts) };
}
