/** Tokens that pass and tokens that do not, against an issuer that serves its keys as OpenID Connect says. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { ManualClock } from '../../../base/manual-clock.ts';
import { arrivedExchange } from '../testing/exchange.ts';
import { checkJwt } from './jwt.ts';
import { KeySets } from './key-sets.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const nowS = 1_800_000_000;
const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });

let server: Server;
let issuer: string;
let keys: object[] = [jwk(rsa.publicKey, 'rsa'), jwk(ec.publicKey, 'ec'), { kty: 'oct', k: 'x' }, { kty: 'RSA' }];
let fetches = 0;

before(async () => {
  server = createServer((request, response) => {
    fetches += 1;
    const configuration = { issuer, jwks_uri: `${issuer}/keys` };
    if (request.url === '/bad/.well-known/openid-configuration') return void response.end('x'.repeat(1_000_000));
    response.end(JSON.stringify(request.url === '/keys' ? { keys } : configuration));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (more: object = {}) => ({ iss: issuer, aud: 'app', sub: 'ada', exp: nowS + 60, ...more });

function token(payload: object, header: object = {}, key: KeyObject = rsa.privateKey): string {
  const head = { alg: 'RS256', kid: 'rsa', ...header };
  const signed = `${part(head)}.${part(payload)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

const clock = new ManualClock(nowS * 1000);
let keySets = new KeySets(clock);

async function outcome(said: string | undefined, scopes?: string[], at = issuer) {
  const headers = said === undefined ? [] : [['Authorization', said] as const];
  const exchange = arrivedExchange({ call: { headers }, route: { AuthorizationScopes: scopes } });
  const checked = await checkJwt({ keySets, clock }, exchange, {
    ...{ Name: 'j', AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'] },
    JwtConfiguration: { Issuer: at, Audience: ['app', 'client'] },
  });
  return checked.kind === 'allowed' ? checked.authorised : `${checked.status} ${checked.why}`;
}

test('a good token passes, and its claims are texts', async () => {
  const said = claims({ roles: ['a', 'b'], n: 1, yes: true, scope: 'read write' });
  assert.deepEqual(await outcome(`Bearer ${token(said)}`, ['write', 'admin']), {
    jwt: {
      claims: {
        ...{ iss: issuer, aud: 'app', sub: 'ada', exp: String(nowS + 60) },
        ...{ roles: '[a b]', n: '1', yes: 'true', scope: 'read write' },
      },
      scopes: ['write', 'admin'],
    },
  });
  assert.equal(typeof (await outcome(token(claims()))), 'object');
  assert.equal(typeof (await outcome(token(claims(), { alg: 'ES256', kid: 'ec' }, ec.privateKey))), 'object');
  assert.equal(typeof (await outcome(token(claims({ aud: undefined, client_id: 'client' })))), 'object');
  assert.equal(typeof (await outcome(token(claims({ aud: ['x', 'app'], nbf: nowS, iat: nowS })))), 'object');
});

test('what does not hold is refused', async () => {
  const cases: readonly (readonly [string | undefined, RegExp])[] = [
    [undefined, /^401 no token/],
    ['Bearer ', /^401 no token/],
    ['Bearer a.b.c', /^401 the token is not valid/],
    ['x'.repeat(20_000), /^401 the token is not valid/],
    [token(claims({ exp: nowS })), /^401 the token has expired/],
    [token(claims({ exp: 'never' })), /^401 the token has expired/],
    [token(claims({ nbf: nowS + 1 })), /^401 the token is not valid yet/],
    [token(claims({ iat: nowS + 1 })), /^401 the token is not valid yet/],
    [token(claims({ iss: 'http://evil.example' })), /^401 invalid issuer/],
    [token(claims({ aud: 'other' })), /^401 invalid audience/],
    [token(claims({ aud: undefined })), /^401 invalid audience/],
    [token(claims(), {}, other.privateKey), /^401 the signature is not valid/],
    // Another algorithm than that of the key, and none at all.
    [token(claims(), { alg: 'ES256' }), /^401 the signature is not valid/],
    [token(claims(), { alg: 'RS256', kid: 'ec' }, ec.privateKey), /^401 the signature is not valid/],
    [`${part({ alg: 'none' })}.${part(claims())}.`, /^401 the token is not valid/],
    [hmacToken(), /^401 the token is not valid/],
    [`${token(claims())}.more`, /^401 the token is not valid/],
  ];
  for (const [said, wanted] of cases) assert.match(String(await outcome(said)), wanted);
  assert.equal(
    await outcome(token(claims({ scope: 'read' })), ['write']),
    '403 the token has none of the scopes of the route',
  );
});

/** The public key as the secret of an HMAC: the old trick. */
function hmacToken(): string {
  const signed = `${part({ alg: 'HS256', kid: 'rsa' })}.${part(claims())}`;
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
  return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
}

test('keys are fetched once, and again for a new key, but not for everyone who makes one up', async () => {
  keySets = new KeySets(clock);
  fetches = 0;
  const [good, unknown] = [token(claims()), token(claims(), { kid: 'new' }, other.privateKey)];
  await Promise.all([1, 2, 3].map(() => outcome(good)));
  assert.equal(fetches, 2);
  assert.match(String(await outcome(unknown)), /^401/);
  assert.equal(fetches, 2);
  keys = [...keys, jwk(other.publicKey, 'new')];
  await clock.advance(31_000);
  assert.equal(typeof (await outcome(unknown)), 'object');
  assert.equal(fetches, 4);
});

test('an issuer that cannot be asked is asked now and then', async () => {
  const at = `${issuer}/bad`;
  const said = token(claims({ iss: at, exp: nowS + 3600 }));
  fetches = 0;
  assert.match(
    String(await outcome(said, undefined, at)),
    /^401 the keys of the issuer cannot be fetched: .* is too large/,
  );
  await outcome(said, undefined, at);
  assert.equal(fetches, 1);
});
