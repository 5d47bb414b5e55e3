/** Against the examples that AWS publishes (General Reference, and "Signature calculations" of the S3 API). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuery, canonicalRequest } from './canonical.ts';
import { type ChunkSigner, dechunked } from './chunked.ts';
import { SigningKeys, signatureOf } from './keys.ts';
import { readSignature } from './signature.ts';

const keys = new SigningKeys();
const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const suite = [
  {
    name: 'get-vanilla',
    path: '/',
    query: '',
    sign: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'get-vanilla-query-order-key-case',
    path: '/',
    query: 'Param2=value2&Param1=value1',
    sign: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
];

for (const { name, path, query, sign } of suite) {
  test(`the signature of AWS's test suite: ${name}`, () => {
    const scope = { date: '20150830', region: 'us-east-1', service: 'service' };
    const headers = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' };
    const signed = {
      method: 'GET',
      path,
      query,
      headers,
      signedHeaders: 'host;x-amz-date',
      payloadHash: empty,
      s3: false,
    };
    const key = keys.signingKey('AKIDEXAMPLE', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope);
    assert.equal(signatureOf(key, '20150830T123600Z', scope, canonicalRequest(signed)), sign);
  });
}

const s3Scope = { date: '20130524', region: 'us-east-1', service: 's3' };
const s3Key = keys.signingKey('AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', s3Scope);

test('the presigned GET of the S3 documentation', () => {
  const query =
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=' +
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  const signature = readSignature({}, query);
  assert.ok(typeof signature === 'object');
  const headers = { host: 'examplebucket.s3.amazonaws.com' };
  const { signedHeaders, scope, timestamp } = signature;
  const signed = {
    method: 'GET',
    path: '/test.txt',
    query,
    headers,
    signedHeaders,
    payloadHash: 'UNSIGNED-PAYLOAD',
    s3: true,
  };
  assert.equal(signatureOf(s3Key, timestamp, scope, canonicalRequest(signed)), signature.signature);
});

const signer: ChunkSigner = {
  key: s3Key,
  timestamp: '20130524T000000Z',
  scope: s3Scope,
  seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
};
const chunkSignatures = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
];

function chunkedBody(signatures: readonly string[]): Buffer {
  const chunk = (size: number, place: number) =>
    `${size.toString(16)};chunk-signature=${signatures[place]}\r\n${'a'.repeat(size)}\r\n`;
  return Buffer.from(chunk(65536, 0) + chunk(1024, 1) + chunk(0, 2));
}

test('the signed chunks of the S3 documentation', () => {
  const whole = dechunked(chunkedBody(chunkSignatures), signer);
  assert.ok(typeof whole === 'object');
  assert.equal(whole.body.toString(), 'a'.repeat(66560));
});

test('a chunk with the signature of another is refused', () => {
  const [first = '', second = '', last = ''] = chunkSignatures;
  assert.equal(dechunked(chunkedBody([second, first, last]), signer), 'mismatch');
  assert.equal(dechunked(chunkedBody([first, second, first]), signer), 'mismatch');
});

test('unsigned chunks with a trailer', () => {
  const body = Buffer.from('5\r\nhello\r\n1\r\n!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n');
  const whole = dechunked(body, undefined);
  assert.ok(typeof whole === 'object');
  assert.equal(whole.body.toString(), 'hello!');
  assert.deepEqual(whole.trailers, { 'x-amz-checksum-crc32': 'AAAAAA==' });
});

test('broken framing is told from a broken signature', () => {
  for (const body of ['', '5\r\nhel', 'zz\r\n', '5\r\nhelloX\r\n0\r\n', 'ffffffff\r\nabc\r\n', '3\r\nabc\r\n']) {
    assert.equal(dechunked(Buffer.from(body), undefined), 'malformed', JSON.stringify(body));
  }
});

test('the query is sorted by key and then by value', () => {
  assert.equal(canonicalQuery('select-type=2&select&b=2&b=1&a%20b=c+d'), 'a%20b=c%20d&b=1&b=2&select=&select-type=2');
});

test('S3 encodes a path once, others twice and after normalising it', () => {
  const line = (path: string, s3: boolean) =>
    canonicalRequest({ method: 'GET', path, query: '', headers: {}, signedHeaders: 'host', payloadHash: '', s3 }).split(
      '\n',
    )[1];
  assert.equal(line('/a%20b/../c', true), '/a%20b/../c');
  assert.equal(line("/k(1)'!", true), '/k%281%29%27%21');
  assert.equal(line('/tags/arn%3Aaws', false), '/tags/arn%253Aaws');
  assert.equal(line('/a//b/./c/../d/', false), '/a/b/d/');
});

test('what tries to be signed and fails is malformed', () => {
  const good = 'AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=ab';
  const date = { 'x-amz-date': '20150830T123600Z' };
  assert.equal(typeof readSignature({ ...date, authorization: good }, ''), 'object');
  for (const authorization of [
    '',
    'Bearer x',
    'AWS4-HMAC-SHA256',
    good.replace('aws4_request', 'x'),
    good.replace('Signature=ab', ''),
  ]) {
    assert.equal(readSignature({ ...date, authorization }, ''), 'malformed', authorization);
  }
  assert.equal(readSignature({ authorization: good }, ''), 'malformed');
  assert.equal(readSignature({ ...date, authorization: 'AWS4-ECDSA-P256-SHA256 Credential=…' }, ''), 'asymmetric');
  assert.equal(readSignature({}, 'a=b'), undefined);
});
