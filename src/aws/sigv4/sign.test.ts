import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encoded, signed } from './sign.ts';

// "Example: GET Object" of the Amazon S3 API reference, Authenticating Requests (AWS Signature Version 4).
test('a request is signed as AWS signs its published example', () => {
  const headers = signed(
    {
      method: 'GET',
      url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
      headers: { range: 'bytes=0-9' },
      body: Buffer.alloc(0),
    },
    { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    { service: 's3', region: 'us-east-1', now: Date.parse('2013-05-24T00:00:00Z') },
  );
  assert.equal(
    headers.authorization,
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

test('a session token is signed with the rest', () => {
  const headers = signed(
    { method: 'GET', url: new URL('http://127.0.0.1:4566/'), headers: {}, body: Buffer.alloc(0) },
    { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' },
    { service: 'lambda', region: 'us-east-1', now: 0 },
  );
  assert.match(headers.authorization ?? '', /SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token/);
});

test('names are encoded as RFC 3986 says', () => {
  assert.equal(encoded("a b*c'(d)!$LATEST"), 'a%20b%2Ac%27%28d%29%21%24LATEST');
});
