/** Documents and the checksums that are sent with them, as no client here gets them wrong by itself. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { CreateBucketCommand, HeadObjectCommand, PutBucketCorsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { startS3 } from '../harness/s3.ts';

const Bucket = 'bucket';
const deletion = '<Delete><Object><Key>k</Key></Object></Delete>';
const tagging = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>';
const md5 = (text: string) => createHash('md5').update(text).digest('base64');
const crc = (text: string) => Buffer.from(crc32(text).toString(16).padStart(8, '0'), 'hex').toString('base64');

interface Sent {
  readonly query: string;
  readonly body: string;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

test('documents are held against their checksums before anything is done with them', async () => {
  await using s3 = await startS3();
  const client = s3.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'k' }));
  const send = async ({ query, body, headers = {}, method = 'PUT' }: Sent) => {
    const response = await fetch(`${s3.endpoint}/${Bucket}?${query}`, { method, headers, body });
    const text = await response.text();
    return `${response.status} ${/<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? ''}`.trim();
  };
  const remove = (headers?: Record<string, string>) =>
    send({ query: 'delete', body: deletion, headers, method: 'POST' });
  const refused: readonly (readonly [expected: string, headers: Record<string, string>])[] = [
    ['400 InvalidRequest', {}],
    ['400 InvalidDigest', { 'content-md5': 'abc' }],
    ['400 BadDigest', { 'content-md5': md5('another') }],
    ['400 BadDigest', { 'x-amz-checksum-crc32': crc('another') }],
    ['400 BadDigest', { 'content-md5': md5(deletion), 'x-amz-checksum-crc32': crc('another') }],
    ['400 InvalidRequest', { 'x-amz-checksum-crc32': 'AA==' }],
    ['400 InvalidRequest', { 'x-amz-sdk-checksum-algorithm': 'CRC32' }],
  ];
  for (const [expected, headers] of refused) assert.equal(await remove(headers), expected, JSON.stringify(headers));
  await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
  assert.equal(await remove({ 'content-md5': md5(deletion) }), '200');
  await assert.rejects(client.send(new HeadObjectCommand({ Bucket, Key: 'k' })), { name: 'NotFound' });
  assert.equal(await remove({ 'x-amz-checksum-crc32': crc(deletion) }), '200');

  assert.equal(await send({ query: 'tagging', body: tagging }), '400 InvalidRequest');
  assert.equal(await send({ query: 'tagging', body: tagging, headers: { 'content-md5': md5(tagging) } }), '204');
  const versioning = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  assert.equal(await send({ query: 'versioning', body: versioning }), '200');
  const wrong = { 'content-md5': md5('another') };
  assert.equal(await send({ query: 'versioning', body: versioning, headers: wrong }), '400 BadDigest');
  // The SDK promises a checksum with each of them.
  const CORSConfiguration = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] };
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
});

test('a checksum of a document may follow it', async () => {
  await using s3 = await startS3();
  await s3.client().send(new CreateBucketCommand({ Bucket }));
  const send = async (promised: string) => {
    const body = `${deletion.length.toString(16)}\r\n${deletion}\r\n0\r\nx-amz-checksum-crc32:${promised}\r\n\r\n`;
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(deletion.length),
      'x-amz-trailer': 'x-amz-checksum-crc32',
    };
    return (await fetch(`${s3.endpoint}/${Bucket}?delete`, { method: 'POST', headers, body })).status;
  };
  assert.deepEqual([await send(crc(deletion)), await send(crc('another'))], [200, 400]);
});
