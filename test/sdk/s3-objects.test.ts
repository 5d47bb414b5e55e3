/** Buckets and objects with the JavaScript SDK, over the wire. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { knownKey } from '../../src/ingress/testing/front.ts';
import { type S3Front, startS3 } from '../harness/s3.ts';

const Bucket = 'bucket';

describe('S3', () => {
  let s3: S3Front;
  let client: S3Client;
  const put = (Key: string, Body: PutObjectCommandInput['Body'] = 'x', more: Partial<PutObjectCommandInput> = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = (Key: string, more: object = {}) => client.send(new GetObjectCommand({ Bucket, Key, ...more }));
  before(async () => {
    s3 = await startS3();
    client = s3.client();
    await client.send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    assert.deepEqual(s3.errors, []);
    await s3[Symbol.asyncDispose]();
  });

  test('an object comes back with its headers and metadata', async () => {
    const Expires = new Date('2030-01-02T03:04:05Z');
    const put1 = await put('a/ü +1.txt', 'hello', {
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      ContentLanguage: 'de',
      ContentEncoding: 'identity',
      Expires,
      Metadata: { colour: 'blue' },
      Tagging: 'a=b&c=%C3%BC',
    });
    assert.equal(put1.ETag, `"${createHash('md5').update('hello').digest('hex')}"`);
    const got = await get('a/ü +1.txt', { ChecksumMode: 'ENABLED' });
    assert.equal(await got.Body?.transformToString(), 'hello');
    assert.deepEqual(
      [got.ContentType, got.CacheControl, got.ContentDisposition, got.ContentLanguage, got.ContentEncoding],
      ['text/plain; charset=utf-8', 'max-age=60', 'attachment', 'de', 'identity'],
    );
    assert.deepEqual([got.Metadata, got.TagCount, got.ContentLength], [{ colour: 'blue' }, 2, 5]);
    assert.deepEqual([got.ETag, got.ChecksumCRC32, got.ChecksumType], [put1.ETag, put1.ChecksumCRC32, 'FULL_OBJECT']);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a/ü +1.txt' }));
    assert.deepEqual([head.ContentLength, head.ETag, head.Metadata], [5, put1.ETag, { colour: 'blue' }]);
  });

  test('large bodies stream in and out, and are what they were', async () => {
    const body = randomBytes(7_000_001);
    const pieces = Readable.from([body.subarray(0, 5), body.subarray(5, 3_000_000), body.subarray(3_000_000)]);
    await put('large', pieces, { ContentLength: body.length });
    const got = await get('large');
    assert.ok(body.equals(await (got.Body?.transformToByteArray() ?? Buffer.alloc(0))));
  });

  test('every checksum is verified, as a header and as a trailer', async () => {
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
      const body = randomBytes(40_000);
      await put(`sum-${ChecksumAlgorithm}`, body, { ChecksumAlgorithm });
      await put(`sum-${ChecksumAlgorithm}`, Readable.from([body]), { ChecksumAlgorithm, ContentLength: body.length });
      const got = await get(`sum-${ChecksumAlgorithm}`, { ChecksumMode: 'ENABLED' });
      assert.ok(got[`Checksum${ChecksumAlgorithm}`], ChecksumAlgorithm);
      assert.ok(body.equals(await (got.Body?.transformToByteArray() ?? Buffer.alloc(0))));
    }
    await assert.rejects(put('bad', 'x', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }), {
      name: 'BadDigest',
    });
    await assert.rejects(put('bad', 'x', { ChecksumCRC32: 'AA==' }), { name: 'InvalidRequest' });
    await assert.rejects(put('bad', 'x', { ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }), { name: 'BadDigest' });
    await assert.rejects(put('bad', 'x', { ContentMD5: 'AA==' }), { name: 'InvalidDigest' });
    await assert.rejects(get('bad'), { name: 'NoSuchKey' });
  });

  test('ranges', async () => {
    await put('range', '0123456789');
    const ranges: readonly [range: string, content: string, told: string | undefined][] = [
      ['bytes=2-4', '234', 'bytes 2-4/10'],
      ['bytes=7-', '789', 'bytes 7-9/10'],
      ['bytes=-3', '789', 'bytes 7-9/10'],
      ['bytes=8-99', '89', 'bytes 8-9/10'],
      ['bytes=4-2', '0123456789', undefined],
      ['bytes=0-1,3-4', '0123456789', undefined],
    ];
    for (const [Range, content, told] of ranges) {
      const got = await get('range', { Range });
      assert.deepEqual([await got.Body?.transformToString(), got.ContentRange], [content, told], Range);
      assert.equal(got.$metadata.httpStatusCode, told === undefined ? 200 : 206);
    }
    await assert.rejects(get('range', { Range: 'bytes=10-' }), { name: 'InvalidRange', ActualObjectSize: '10' });
  });

  test('conditions on reading', async () => {
    const { ETag } = await put('conditional', 'x');
    const past = new Date('2001-01-01T00:00:00Z');
    const future = new Date('2101-01-01T00:00:00Z');
    await get('conditional', { IfMatch: ETag, IfUnmodifiedSince: past });
    await get('conditional', { IfNoneMatch: '"other"', IfModifiedSince: future });
    const failing: readonly [conditions: object, status: number][] = [
      [{ IfMatch: '"other"' }, 412],
      [{ IfUnmodifiedSince: past }, 412],
      [{ IfNoneMatch: ETag }, 304],
      [{ IfModifiedSince: future }, 304],
    ];
    for (const [conditions, status] of failing) {
      const error = await get('conditional', conditions).catch((thrown) => thrown);
      assert.equal(error.$metadata.httpStatusCode, status, JSON.stringify(conditions));
    }
  });

  test('conditions on writing: once, however many try; and only over what was read', async () => {
    const tries = await Promise.allSettled([1, 2, 3, 4].map((n) => put('once', `${n}`, { IfNoneMatch: '*' })));
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const one of tries) if (one.status === 'rejected') assert.equal(one.reason.name, 'PreconditionFailed');
    await assert.rejects(put('once', 'y', { IfMatch: '"other"' }), { name: 'PreconditionFailed' });
    await assert.rejects(put('absent', 'y', { IfMatch: '"other"' }), { name: 'NoSuchKey' });
  });

  test('lists: prefixes, delimiters, pages, encoding', async () => {
    const Prefix = 'list/';
    const keys = ['list/a b+c', 'list/d/1', 'list/d/2', 'list/e', 'list/\u0001'];
    await Promise.all(keys.map((key) => put(key)));
    const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', MaxKeys: 2 }));
    assert.deepEqual([first.KeyCount, first.IsTruncated], [2, true]);
    const second = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/', ContinuationToken: first.NextContinuationToken }),
    );
    assert.deepEqual([second.KeyCount, second.IsTruncated], [2, false]);
    const shown = [first, second].flatMap(({ Contents = [], CommonPrefixes = [] }) => [
      ...Contents.map(({ Key }) => Key),
      ...CommonPrefixes.map((one) => one.Prefix),
    ]);
    assert.equal(shown.length, 4);
    assert.ok(shown.includes('list/d/') && shown.includes('list/a b+c') && shown.includes('list/e'));
    const encoded = await client.send(new ListObjectsCommand({ Bucket, Prefix, EncodingType: 'url' }));
    assert.deepEqual(
      encoded.Contents?.map(({ Key }) => Key),
      ['list/%01', 'list/a%20b%2Bc', 'list/d/1', 'list/d/2', 'list/e'],
    );
    const none = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }));
    assert.deepEqual([none.KeyCount, none.IsTruncated], [0, false]);
    await assert.rejects(client.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'forged' })), {
      name: 'InvalidArgument',
    });
  });

  test('deletion, of one and of many', async () => {
    await Promise.all(['del/1', 'del/2', 'del/3'].map((key) => put(key)));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'del/1' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'del/1' }));
    const Objects = ['del/1', 'del/2', 'del/3'].map((Key) => ({ Key }));
    const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    assert.deepEqual(Deleted?.map(({ Key }) => Key).sort(), ['del/1', 'del/2', 'del/3']);
    await assert.rejects(get('del/2'), { name: 'NoSuchKey', Key: 'del/2' });
  });

  test('buckets: names, owners, regions', async () => {
    await client.send(new CreateBucketCommand({ Bucket }));
    const stranger = s3.client({ credentials: { accessKeyId: '123456789012', secretAccessKey: 'x' } });
    await assert.rejects(stranger.send(new CreateBucketCommand({ Bucket })), { name: 'BucketAlreadyExists' });
    await assert.rejects(stranger.send(new ListObjectsV2Command({ Bucket })), { name: 'AccessDenied' });
    await assert.rejects(client.send(new CreateBucketCommand({ Bucket: 'No_Name' })), { name: 'InvalidBucketName' });
    await assert.rejects(client.send(new DeleteBucketCommand({ Bucket })), { name: 'BucketNotEmpty' });
    await assert.rejects(client.send(new ListObjectsV2Command({ Bucket: 'nowhere' })), { name: 'NoSuchBucket' });
    const europe = s3.client({ region: 'eu-west-1' });
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    const there = { Bucket: 'europe', CreateBucketConfiguration };
    await europe.send(new CreateBucketCommand(there));
    await assert.rejects(europe.send(new CreateBucketCommand(there)), { name: 'BucketAlreadyOwnedByYou' });
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'europe' }));
    assert.equal(LocationConstraint, 'eu-west-1');
    assert.equal((await client.send(new HeadBucketCommand({ Bucket: 'europe' }))).BucketRegion, 'eu-west-1');
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    assert.deepEqual(
      Buckets?.map(({ Name }) => Name),
      ['bucket', 'europe'],
    );
    await client.send(new DeleteBucketCommand({ Bucket: 'europe' }));
  });

  test('what no header can carry is refused, and is no failure of the server', async () => {
    await put('header', 'x');
    const ask = (query: string) => fetch(`${s3.endpoint}/${Bucket}/header?${query}`);
    for (const value of ['a%0d%0ab%3A%20c', '%E2%82%AC', '%00']) {
      const answer = await ask(`response-content-type=${value}`);
      assert.deepEqual([answer.status, /<Code>InvalidArgument<\/Code>/.test(await answer.text())], [400, true], value);
    }
    assert.equal((await ask('response-content-type=text%2F%C3%BC')).status, 200);
  });

  test('what is too large or too long is refused before it is sent', async () => {
    await assert.rejects(put('k'.repeat(1025)), { name: 'KeyTooLongError' });
    await assert.rejects(put('k', 'x', { Metadata: { long: 'x'.repeat(2049) } }), { name: 'MetadataTooLarge' });
    const answer = await fetch(`${s3.endpoint}/${Bucket}/no-length`, {
      method: 'PUT',
      body: new ReadableStream({
        start: (stream) => {
          stream.enqueue(Buffer.from('x'));
          stream.close();
        },
      }),
      duplex: 'half',
    } as RequestInit);
    assert.equal(answer.status, 411);
  });
});

test('in the signed mode the payload counts, whole or chunk by chunk', async () => {
  await using s3 = await startS3({ authentication: 'signed' });
  const { accessKeyId, secretAccessKey } = knownKey;
  const client = s3.client({ credentials: { accessKeyId, secretAccessKey } });
  await client.send(new CreateBucketCommand({ Bucket }));
  const body = randomBytes(200_000);
  await client.send(new PutObjectCommand({ Bucket, Key: 'whole', Body: body }));
  await client.send(
    new PutObjectCommand({ Bucket, Key: 'pieces', Body: Readable.from([body]), ContentLength: body.length }),
  );
  for (const Key of ['whole', 'pieces']) {
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    assert.ok(body.equals(await (got.Body?.transformToByteArray() ?? Buffer.alloc(0))));
  }
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { body?: unknown }).body = Buffer.from('changed on its way');
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const changed = new PutObjectCommand({ Bucket, Key: 'changed', Body: Buffer.from('meant to be sent..') });
  await assert.rejects(client.send(changed), { name: 'XAmzContentSHA256Mismatch' });
  const { KeyCount } = await s3
    .client({ credentials: { accessKeyId, secretAccessKey } })
    .send(new ListObjectsV2Command({ Bucket }));
  assert.equal(KeyCount, 2);
});
