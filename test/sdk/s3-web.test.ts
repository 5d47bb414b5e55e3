/** S3 as browsers and links use it: presigned links, forms, other origins, names of buckets as hosts. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { knownKey } from '../../src/ingress/testing/front.ts';
import { type S3Front, startS3 } from '../harness/s3.ts';

const Bucket = 'bucket';
const { accessKeyId, secretAccessKey } = knownKey;
const credentials = { accessKeyId, secretAccessKey };

async function started(authentication: 'open' | 'signed'): Promise<{ s3: S3Front; client: S3Client }> {
  const s3 = await startS3({ authentication });
  const client = s3.client(authentication === 'signed' ? { credentials } : {});
  await client.send(new CreateBucketCommand({ Bucket }));
  return { s3, client };
}

async function content(client: S3Client, Key: string): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
}

/** `fetch` does not let a caller say Host, Origin or what a browser adds. */
async function asBrowser(s3: S3Front, path: string, headers: Record<string, string>, method = 'GET') {
  const sent = request({ host: '127.0.0.1', port: s3.port, path, method, headers });
  sent.end();
  const answer = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

test('presigned links to get and to put', async () => {
  const { s3, client } = await started('signed');
  await using _ = s3;
  const link = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'a b', ContentType: 'text/plain' }));
  const put = await fetch(link, { method: 'PUT', body: 'by link', headers: { 'content-type': 'text/plain' } });
  assert.equal(put.status, 200);
  const get = new GetObjectCommand({ Bucket, Key: 'a b', ResponseContentType: 'text/x' });
  const got = await fetch(await getSignedUrl(client, get));
  assert.deepEqual([await got.text(), got.headers.get('content-type')], ['by link', 'text/x']);
  const other = (await getSignedUrl(client, get)).replace('/a%20b', '/other');
  assert.match(await (await fetch(other)).text(), /SignatureDoesNotMatch/);
  const curl = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'curl' }));
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal((await fetch(curl, { method: 'PUT', body: 'a=b', headers: form })).status, 200);
  assert.equal(await content(client, 'curl'), 'a=b');
});

test('a presigned link is over in the open mode, too', async () => {
  const { s3, client } = await started('open');
  await using _ = s3;
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  const signingDate = new Date(Date.now() - 120_000);
  const link = (expiresIn: number) =>
    getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'k' }), { expiresIn, signingDate });
  assert.equal((await fetch(await link(600))).status, 200);
  assert.match(await (await fetch(await link(60))).text(), /<Code>AccessDenied<\/Code><Message>Request has expired/);
});

async function posted(
  client: S3Client,
  more: Partial<PresignedPostOptions>,
  changed: Record<string, string> = {},
  file = 'a file',
) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a form says it
  const { url, fields } = await createPresignedPost(client, { Bucket, Key: 'up/${filename}', ...more });
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changed })) form.append(name, value);
  form.append('file', new Blob([file], { type: 'text/plain' }), 'name.txt');
  return fetch(url, { method: 'POST', body: form, redirect: 'manual' });
}

test('forms of web pages, within the policy that was signed', async () => {
  const { s3, client } = await started('signed');
  await using _ = s3;
  const large = 'x'.repeat(300_000);
  const Conditions: PresignedPostOptions['Conditions'] = [['content-length-range', 1, 400_000]];
  const answer = await posted(
    client,
    { Conditions, Fields: { 'Content-Type': 'text/x', 'x-amz-meta-a': 'b' } },
    {},
    large,
  );
  assert.equal(answer.status, 204, await answer.text());
  const got = await client.send(new GetObjectCommand({ Bucket, Key: 'up/name.txt' }));
  assert.deepEqual([await got.Body?.transformToString(), got.ContentType, got.Metadata], [large, 'text/x', { a: 'b' }]);
  const created = await posted(client, { Fields: { success_action_status: '201' } });
  assert.match(
    await created.text(),
    /<PostResponse><Location>.*<\/Location><Bucket>bucket<\/Bucket><Key>up\/name.txt<\/Key>/,
  );
  const redirect = await posted(client, { Fields: { success_action_redirect: 'https://example.com/done?x=1' } });
  assert.equal(redirect.status, 303);
  assert.match(
    redirect.headers.get('location') ?? '',
    /^https:\/\/example\.com\/done\?x=1&bucket=bucket&key=up%2Fname\.txt&etag=/,
  );
  const refused: readonly [code: string, more: Partial<PresignedPostOptions>, changed: Record<string, string>][] = [
    ['AccessDenied', {}, { 'x-amz-meta-more': 'x' }],
    ['AccessDenied', {}, { key: 'elsewhere' }],
    ['SignatureDoesNotMatch', {}, { 'X-Amz-Signature': 'ab'.repeat(32) }],
    ['EntityTooLarge', { Conditions: [['content-length-range', 1, 3]] }, {}],
    ['EntityTooSmall', { Conditions: [['content-length-range', 10, 30]] }, {}],
    ['AccessDenied', { Expires: -10 }, {}],
  ];
  for (const [code, more, changed] of refused) {
    const error = await (await posted(client, more, changed)).text();
    assert.match(error, new RegExp(`<Code>${code}</Code>`), `${code}: ${error}`);
  }
});

test('pages of other origins: those that the bucket names, and no other', async () => {
  const { s3, client } = await started('open');
  await using _ = s3;
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  const origin = 'https://app.example.com';
  const page = { origin, 'sec-fetch-site': 'cross-site' };
  const asks = { ...page, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'Content-Type' };
  assert.equal((await asBrowser(s3, '/bucket/k', page)).status, 403);
  const rules = (AllowedOrigins: string[]) =>
    client.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedOrigins,
              AllowedMethods: ['GET', 'PUT', 'POST'],
              AllowedHeaders: ['*'],
              ExposeHeaders: ['ETag'],
              MaxAgeSeconds: 60,
            },
          ],
        },
      }),
    );
  await rules(['*']);
  assert.equal((await asBrowser(s3, '/bucket/k', page)).status, 403, 'no name, no trust');
  await rules(['https://*.example.com']);
  const got = await asBrowser(s3, '/bucket/k', page);
  assert.deepEqual([got.status, got.body, got.headers['access-control-allow-origin']], [200, 'x', origin]);
  assert.equal(got.headers['access-control-expose-headers'], 'ETag');
  const absent = await asBrowser(s3, '/bucket/absent', page);
  assert.deepEqual([absent.status, absent.headers['access-control-allow-origin']], [404, origin]);
  const preflight = await asBrowser(s3, '/bucket/k', asks, 'OPTIONS');
  assert.deepEqual(
    [preflight.status, preflight.headers['access-control-allow-headers'], preflight.headers['access-control-max-age']],
    [200, 'Content-Type', '60'],
  );
  assert.equal(preflight.headers['access-control-allow-origin'], origin);
  assert.equal((await asBrowser(s3, '/bucket/k', page, 'DELETE')).status, 403);
  assert.equal((await asBrowser(s3, '/bucket', page)).status, 403, 'the bucket itself is no object');
  assert.equal((await asBrowser(s3, '/2015-03-31/functions/', page)).status, 403);
  const others: readonly Record<string, string>[] = [
    { 'x-amz-target': 'Logs_20140328.DescribeLogGroups' },
    {
      authorization:
        'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
      'content-type': 'application/x-www-form-urlencoded',
    },
    { 'x-amz-copy-source': 'other/secret' },
  ];
  for (const more of others) {
    assert.equal((await asBrowser(s3, '/bucket/k', { ...page, ...more }, 'PUT')).status, 403, JSON.stringify(more));
  }
  assert.equal((await asBrowser(s3, '/bucket?delete', page, 'POST')).status, 403);
  const stranger = { ...page, origin: 'https://evil.example' };
  assert.equal((await asBrowser(s3, '/bucket/k', stranger)).status, 403);
});

test('a link that a person follows is opened, without an origin; what a page embeds is not', async () => {
  const { s3, client } = await started('open');
  await using _ = s3;
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '<p>', ContentType: 'text/html' }));
  const path = (await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'k' }))).replace(s3.endpoint, '');
  const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const opened = await asBrowser(s3, path, followed);
  assert.equal(opened.status, 200);
  assert.match(String(opened.headers['content-security-policy']), /^sandbox (?!.*allow-same-origin)/);
  assert.equal((await asBrowser(s3, '/bucket/k', followed)).status, 403, 'no signature');
  assert.equal((await asBrowser(s3, path, { ...followed, 'sec-fetch-dest': 'iframe' })).status, 403);
  assert.equal(
    (await asBrowser(s3, path, { ...followed, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).status,
    403,
  );
  assert.equal((await asBrowser(s3, path, followed, 'PUT')).status, 403);
  const order = '/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Signature=0';
  assert.match((await asBrowser(s3, order, followed)).body, /Refused/, 'other services take orders by GET');
});

test('a bucket is found by its host', async () => {
  const { s3, client } = await started('open');
  await using _ = s3;
  await client.send(new PutObjectCommand({ Bucket, Key: 'a/k', Body: 'x' }));
  for (const host of ['bucket.localhost', 'bucket.s3.localhost', 'bucket.s3.eu-west-1.localhost']) {
    assert.equal((await asBrowser(s3, '/a/k', { host: `${host}:${s3.port}` })).body, 'x', host);
    assert.match((await asBrowser(s3, '/?list-type=2', { host })).body, /<Key>a\/k<\/Key>/, host);
  }
  for (const host of ['s3.localhost', 's3.us-east-1.localhost', 'localhost']) {
    assert.equal((await asBrowser(s3, '/bucket/a/k', { host })).body, 'x', host);
  }
});
