import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subscriptionOf } from './subscription.ts';

const http = { protocol: 'HTTP', URI: 'http://sandbox.localdomain:8080/path?a=b' };
const asked = (more: object) => Buffer.from(JSON.stringify({ types: ['platform'], destination: http, ...more }));

test('what is not said is as AWS has it', () => {
  assert.deepEqual(subscriptionOf('telemetry', asked({ types: ['function', 'platform'] })), {
    api: 'telemetry',
    schemaVersion: '2022-07-01',
    types: ['platform', 'function'],
    maxItems: 10_000,
    maxBytes: 262_144,
    timeoutMs: 1000,
    destination: { protocol: 'HTTP', port: 8080, host: 'sandbox.localdomain:8080', path: '/path?a=b' },
  });
  const tcp = subscriptionOf('logs', asked({ destination: { protocol: 'TCP', port: 9999 } }));
  assert.ok(typeof tcp === 'object');
  assert.deepEqual([tcp.schemaVersion, tcp.destination], ['2020-08-15', { protocol: 'TCP', port: 9999 }]);
});

const wrong: [name: string, body: Buffer, why: RegExp][] = [
  ['no JSON', Buffer.from('{'), /not a JSON object/],
  ['a list', Buffer.from('[]'), /not a JSON object/],
  ['another version', asked({ schemaVersion: '2021-03-18' }), /schemaVersion must be one of 2022-07-01/],
  ['no types', asked({ types: [] }), /types must name some/],
  ['unknown types', asked({ types: ['platform', 'x'] }), /types must name some/],
  ['too few items', asked({ buffering: { maxItems: 1 } }), /maxItems must be a whole number from 1000 to 10000/],
  ['too many bytes', asked({ buffering: { maxBytes: 2_000_000 } }), /maxBytes .* from 262144 to 1048576/],
  ['half a millisecond', asked({ buffering: { timeoutMs: 25.5 } }), /timeoutMs .* from 25 to 30000/],
  ['no destination', asked({ destination: undefined }), /protocol must be HTTP or TCP/],
  ['somebody else', asked({ destination: { ...http, URI: 'http://example.com:80' } }), /must be of the form/],
  ['the Runtime API', asked({ destination: { ...http, URI: 'http://sandbox:9001' } }), /a free port/],
  ['no port', asked({ destination: { protocol: 'TCP', port: '80' } }), /must be a free port/],
];
for (const [name, body, why] of wrong) {
  test(`a subscription with ${name} is refused`, () => {
    const answer = subscriptionOf('telemetry', body);
    assert.ok(typeof answer === 'string');
    assert.match(answer, why);
  });
}
