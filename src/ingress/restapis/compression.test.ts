import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import type { HttpCall } from '../http/http-call.ts';
import { packed, unpackedCall, wantedCoding } from './compression.ts';

const wishes = {
  '': undefined,
  gzip: 'gzip',
  'GZIP, br': 'gzip',
  deflate: 'deflate',
  'br, deflate;q=0.5, gzip;q=0': 'deflate',
  '*': 'gzip',
  'gzip;q=0, *': 'deflate',
  '*;q=0': undefined,
  'identity, br': undefined,
} as const;

for (const [header, coding] of Object.entries(wishes)) {
  test(`accept-encoding ${JSON.stringify(header)}`, () => assert.equal(wantedCoding(header), coding));
}

function callWith(headers: [string, string][], body: HttpCall['body'] = Buffer.alloc(0)): HttpCall {
  return { headers, body } as unknown as HttpCall;
}

test('an answer is packed from the size on, once', async () => {
  const body = Buffer.from('a'.repeat(200));
  const answer = { status: 200, headers: [], body };
  const asking = (accepted: string) => callWith([['accept-encoding', accepted]]);
  assert.deepEqual(gunzipSync((await packed(answer, asking('gzip'), 200)).body), body);
  assert.deepEqual(inflateSync((await packed(answer, asking('deflate'), 200)).body), body);
  assert.equal(await packed(answer, asking('gzip'), 201), answer);
  assert.equal(await packed(answer, asking('gzip'), undefined), answer);
  const already = { ...answer, headers: [['Content-Encoding', 'br'] as const] };
  assert.equal(await packed(already, asking('gzip'), 0), already);
});

test('a request is unpacked for an API that packs; what cannot be or is too large is refused', async () => {
  const body = Buffer.from('a'.repeat(200));
  const sent = (coding: string, bytes: HttpCall['body']) => callWith([['Content-Encoding', coding]], bytes);
  for (const [coding, bytes] of [['gzip', gzipSync(body)] as const, ['deflate', deflateSync(body)] as const]) {
    const call = await unpackedCall(sent(coding, bytes), 0, 200);
    assert.deepEqual([call.body, call.headers], [body, []]);
    await assert.rejects(unpackedCall(sent(coding, bytes), 0, 199), { type: 'REQUEST_TOO_LARGE' });
    await assert.rejects(unpackedCall(sent(coding, body), 0, 200), { type: 'UNSUPPORTED_MEDIA_TYPE' });
  }
  await assert.rejects(unpackedCall(sent('br', body), 0, 200), { type: 'UNSUPPORTED_MEDIA_TYPE' });
  const passed = sent('gzip', gzipSync(body));
  assert.equal(await unpackedCall(passed, undefined, 200), passed);
});
