/**
 * `STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER]`, as the Java SDK sends it over http and no client here does: signed by
 * hand, after "Signature calculations for the authorization header: transferring payload in multiple chunks".
 */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { knownKey } from '../../src/ingress/testing/front.ts';
import { type S3Front, startS3 } from '../harness/s3.ts';

const { accessKeyId, secretAccessKey } = knownKey;
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

interface Upload {
  readonly chunks: readonly string[];
  readonly trailer?: readonly [name: string, value: string];
  /** Makes of the finished body what is sent instead. */
  readonly spoil?: (body: string) => string;
}

async function upload({ endpoint }: S3Front, { chunks, trailer, spoil = (body) => body }: Upload): Promise<Response> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const place = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const key = place.split('/').reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${secretAccessKey}`);
  const headers: Record<string, string> = {
    'content-encoding': 'aws-chunked',
    host: new URL(endpoint).host,
    'x-amz-content-sha256': `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? '' : '-TRAILER'}`,
    'x-amz-date': time,
    'x-amz-decoded-content-length': String(chunks.join('').length),
    ...(trailer === undefined ? {} : { 'x-amz-trailer': trailer[0] }),
  };
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = ['PUT', '/bucket/chunks', '', lines, names.join(';'), headers['x-amz-content-sha256']].join('\n');
  const sign = (kind: string, ...rest: string[]) =>
    hmac(key, [`AWS4-HMAC-SHA256${kind}`, time, place, ...rest].join('\n')).toString('hex');
  let last = sign('', sha256(canonical));
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${place},SignedHeaders=${names.join(';')},Signature=${last}`;
  let body = '';
  for (const chunk of [...chunks, '']) {
    last = sign('-PAYLOAD', last, sha256(''), sha256(chunk));
    body += `${chunk.length.toString(16)};chunk-signature=${last}\r\n${chunk}${chunk === '' ? '' : '\r\n'}`;
  }
  if (trailer !== undefined) {
    const line = trailer.join(':');
    body += `${line}\r\nx-amz-trailer-signature:${sign('-TRAILER', last, sha256(`${line}\n`))}\r\n`;
  }
  const { host: _, ...sent } = headers;
  return fetch(`${endpoint}/bucket/chunks`, {
    method: 'PUT',
    headers: { ...sent, authorization },
    body: spoil(`${body}\r\n`),
  });
}

test('chunks that are signed one by one, with a signed trailer or without', async () => {
  await using s3 = await startS3({ authentication: 'signed' });
  const client = s3.client({ credentials: { accessKeyId, secretAccessKey } });
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  const chunks = ['a'.repeat(70_000), 'b'.repeat(1000)];
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(chunks.join('')));
  const trailer = ['x-amz-checksum-crc32', value.toString('base64')] as const;
  for (const each of [{ chunks }, { chunks, trailer }, { chunks: [] }]) {
    const answer = await upload(s3, each);
    assert.equal(answer.status, 200, await answer.text());
    const { Body, ContentEncoding } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'chunks' }));
    assert.equal(await Body?.transformToString(), each.chunks.join(''));
    assert.equal(ContentEncoding, undefined);
  }
  const spoiled: readonly [code: string, upload: Upload][] = [
    ['SignatureDoesNotMatch', { chunks, spoil: (body) => body.replace('aaaa', 'aaab') }],
    ['SignatureDoesNotMatch', { chunks, spoil: (body) => body.replace(/;chunk-signature=\w+/, '') }],
    ['SignatureDoesNotMatch', { chunks, trailer, spoil: (body) => body.replace(/signature:\w{4}/, 'signature:0000') }],
    ['BadDigest', { chunks, trailer: [trailer[0], 'AAAAAA=='] }],
    ['IncompleteBody', { chunks, spoil: (body) => body.slice(0, -200) }],
  ];
  for (const [code, each] of spoiled) {
    assert.match(await (await upload(s3, each)).text(), new RegExp(`<Code>${code}</Code>`));
  }
  assert.deepEqual(s3.errors, []);
});
