import assert from 'node:assert/strict';
import { test } from 'node:test';
import { s3Needs } from './rules.ts';

const Bucket = 'b';
const Key = 'a/k';

/** The operation with its input, and each action with its resource. */
const cases: readonly (readonly [string, object, ...string[]])[] = [
  ['ListBuckets', {}, 's3:ListAllMyBuckets *'],
  ['CreateBucket', { Bucket }, 's3:CreateBucket arn:aws:s3:::b'],
  ['HeadBucket', { Bucket }, 's3:ListBucket arn:aws:s3:::b'],
  ['ListObjectsV2', { Bucket, Prefix: 'a/' }, 's3:ListBucket arn:aws:s3:::b'],
  ['PutBucketNotificationConfiguration', { Bucket }, 's3:PutBucketNotification arn:aws:s3:::b'],
  ['DeleteBucketCors', { Bucket }, 's3:PutBucketCORS arn:aws:s3:::b'],
  ['GetObject', { Bucket, Key }, 's3:GetObject arn:aws:s3:::b/a/k'],
  ['HeadObject', { Bucket, Key, VersionId: 'v' }, 's3:GetObjectVersion arn:aws:s3:::b/a/k'],
  ['PutObject', { Bucket, Key }, 's3:PutObject arn:aws:s3:::b/a/k'],
  [
    'PutObject',
    { Bucket, Key, Tagging: 'x=y' },
    's3:PutObject arn:aws:s3:::b/a/k',
    's3:PutObjectTagging arn:aws:s3:::b/a/k',
  ],
  ['UploadPart', { Bucket, Key }, 's3:PutObject arn:aws:s3:::b/a/k'],
  [
    'CopyObject',
    { Bucket, Key, CopySource: '/c/d+e?versionId=v' },
    's3:PutObject arn:aws:s3:::b/a/k',
    's3:GetObjectVersion arn:aws:s3:::c/d e',
  ],
  [
    'CopyObject',
    { Bucket, Key, CopySource: 'c/%zz' },
    // The operation refuses it.
    's3:PutObject arn:aws:s3:::b/a/k',
  ],
  [
    'DeleteObjects',
    { Bucket, Delete: { Objects: [{ Key: 'x' }, { Key: 'y', VersionId: 'v' }] } },
    's3:DeleteObject arn:aws:s3:::b/x',
    's3:DeleteObjectVersion arn:aws:s3:::b/y',
  ],
];

test('operations of S3 need the actions that AWS names', () => {
  for (const [operation, input, ...expected] of cases) {
    const asked = { operation, input: { ...input }, region: 'us-east-1', accountId: '000000000000' };
    const found = s3Needs(asked).map(({ action, resource }) => `${action} ${resource}`);
    assert.deepEqual(found, expected, operation);
  }
});
