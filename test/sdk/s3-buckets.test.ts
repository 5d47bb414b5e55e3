/** What is configured of buckets: versions, tags, policies, origins; with the JavaScript SDK, over the wire. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { knownKey } from '../../src/ingress/testing/front.ts';
import { type S3Front, startS3 } from '../harness/s3.ts';

const Bucket = 'bucket';

describe('buckets', () => {
  let s3: S3Front;
  let client: S3Client;
  before(async () => {
    s3 = await startS3();
    client = s3.client();
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    assert.deepEqual(s3.errors, []);
    await s3[Symbol.asyncDispose]();
  });

  test('versions', async () => {
    const there = { Bucket: 'versions' };
    await client.send(new CreateBucketCommand(there));
    const put = async (Key: string, Body: string) =>
      (await client.send(new PutObjectCommand({ ...there, Key, Body }))).VersionId;
    const get = async (Key: string, VersionId?: string) =>
      (await client.send(new GetObjectCommand({ ...there, Key, VersionId }))).Body?.transformToString();
    const status = async () => (await client.send(new GetBucketVersioningCommand(there))).Status;
    const versioning = (Status: 'Enabled' | 'Suspended') =>
      client.send(new PutBucketVersioningCommand({ ...there, VersioningConfiguration: { Status } }));
    assert.deepEqual([await put('k', 'null'), await status()], [undefined, undefined]);
    await versioning('Enabled');
    const [one, two] = [await put('k', 'one'), await put('k', 'two')];
    await put('l', 'l');
    assert.deepEqual(
      [await get('k'), await get('k', one), await get('k', 'null'), await status()],
      ['two', 'one', 'null', 'Enabled'],
    );
    const { DeleteMarker, VersionId: marker } = await client.send(new DeleteObjectCommand({ ...there, Key: 'k' }));
    assert.equal(DeleteMarker, true);
    await assert.rejects(get('k'), { name: 'NoSuchKey' });
    await assert.rejects(get('k', marker), { name: 'MethodNotAllowed' });
    await assert.rejects(get('k', 'nobody'), { name: 'NoSuchVersion' });
    assert.equal((await client.send(new ListObjectsV2Command(there))).KeyCount, 1);
    const pages: string[][] = [];
    let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
    do {
      const page: ListObjectVersionsCommandOutput = await client.send(
        new ListObjectVersionsCommand({ ...there, MaxKeys: 2, KeyMarker, VersionIdMarker }),
      );
      pages.push([...(page.DeleteMarkers ?? []), ...(page.Versions ?? [])].map(({ VersionId = '' }) => VersionId));
      [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
    } while (KeyMarker !== undefined);
    assert.deepEqual(pages.flat().slice(0, 4), [marker, two, one, 'null']);
    await client.send(new DeleteObjectCommand({ ...there, Key: 'k', VersionId: marker }));
    await client.send(new DeleteObjectCommand({ ...there, Key: 'k', VersionId: two }));
    assert.equal(await get('k'), 'one');
    await assert.rejects(client.send(new DeleteBucketCommand(there)), { name: 'BucketNotEmpty' });
    await versioning('Suspended');
    assert.equal(await put('k', 'new null'), 'null');
    assert.equal(await get('k', 'null'), 'new null');
  });

  test('what is not configured is told as such, and what is so already may be said', async () => {
    const { Owner, Grants } = await client.send(new GetBucketAclCommand({ Bucket }));
    assert.deepEqual(
      Grants?.map(({ Grantee, Permission }) => [Grantee?.Type, Grantee?.ID, Permission]),
      [['CanonicalUser', Owner?.ID, 'FULL_CONTROL']],
    );
    await client.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }));
    await client.send(new PutBucketAclCommand({ Bucket, AccessControlPolicy: { Owner, Grants } }));
    await assert.rejects(client.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' })), {
      name: 'AccessControlListNotSupported',
    });
    await assert.rejects(client.send(new GetBucketWebsiteCommand({ Bucket })), { name: 'NoSuchWebsiteConfiguration' });
    const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    assert.equal(
      ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
      'AES256',
    );
    const kms = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }] };
    await assert.rejects(
      client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: kms })),
      { name: 'NotImplemented' },
    );
    const { OwnershipControls } = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    assert.deepEqual(OwnershipControls?.Rules, [{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  });

  test('tags of objects and buckets', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'tagged', Body: 'x' }));
    const at = { Bucket, Key: 'tagged' };
    const TagSet = [{ Key: 'a', Value: 'ü' }];
    await client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet } }));
    assert.deepEqual((await client.send(new GetObjectTaggingCommand(at))).TagSet, TagSet);
    await client.send(new DeleteObjectTaggingCommand(at));
    assert.deepEqual((await client.send(new GetObjectTaggingCommand(at))).TagSet, []);
    const many = Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
    await assert.rejects(client.send(new PutObjectTaggingCommand({ ...at, Tagging: { TagSet: many } })), {
      name: 'BadRequest',
    });
    await assert.rejects(client.send(new GetBucketTaggingCommand({ Bucket })), { name: 'NoSuchTagSet' });
    await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: many } }));
    assert.equal((await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet?.length, 11);
    await client.send(new DeleteBucketTaggingCommand({ Bucket }));
  });
});

test("a bucket's policy lets everybody in, or a user out", async () => {
  await using s3 = await startS3({ authentication: 'signed' });
  const { accessKeyId, secretAccessKey } = knownKey;
  const client = s3.client({ credentials: { accessKeyId, secretAccessKey } });
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'open/a', Body: 'everybody' }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'closed/a', Body: 'nobody' }));
  const bare = (key: string, init: RequestInit = {}) => fetch(`${s3.endpoint}/${Bucket}/${key}`, init);
  assert.equal((await bare('open/a')).status, 403);
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/open/*` },
      { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/closed/*` },
    ],
  });
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  assert.equal((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy, Policy);
  assert.equal(await (await bare('open/a')).text(), 'everybody');
  assert.equal((await bare('closed/a')).status, 403);
  assert.equal((await bare('open/a', { method: 'PUT', body: 'x' })).status, 403);
  assert.equal((await bare('open/a', { method: 'DELETE' })).status, 403);
  await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key: 'closed/a' })), { name: 'AccessDenied' });
  const blocked = (PublicAccessBlockConfiguration: object) =>
    client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  await blocked({ RestrictPublicBuckets: true });
  assert.equal((await bare('open/a')).status, 403, 'restricted');
  await blocked({ BlockPublicPolicy: true });
  await assert.rejects(client.send(new PutBucketPolicyCommand({ Bucket, Policy })), { name: 'AccessDenied' });
  assert.equal((await bare('open/a')).status, 200);
  const { PolicyStatus } = await client.send(new GetBucketPolicyStatusCommand({ Bucket }));
  assert.equal(PolicyStatus?.IsPublic, true);
  await client.send(new DeleteBucketPolicyCommand({ Bucket }));
  await assert.rejects(client.send(new GetBucketPolicyCommand({ Bucket })), { name: 'NoSuchBucketPolicy' });
  await assert.rejects(client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })), { name: 'MalformedPolicy' });
});
