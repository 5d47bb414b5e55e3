/** JWT authorizers: a token of the configured issuer, for a configured audience, in its time, with a scope of the route. */
import { type KeyObject, verify } from 'node:crypto';
import type { Clock } from '../../../base/clock.ts';
import type { AuthorizerDocument } from '../../../store/apis/api-record.ts';
import type { Exchange } from '../exchange.ts';
import { type Checked, forbidden, type Refused, unauthorized } from './checked.ts';
import { identityOf } from './identity-source.ts';
import type { KeySets } from './key-sets.ts';

export interface JwtParts {
  readonly keySets: KeySets;
  readonly clock: Clock;
}

export type Claims = Readonly<Record<string, unknown>>;

interface Token {
  readonly algorithm: Algorithm;
  readonly keyId: string | undefined;
  readonly claims: Claims;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

interface Algorithm {
  readonly hash: string;
  readonly keyType: 'rsa' | 'ec';
  readonly curve?: string;
}

/** A token says itself how it is signed: only what is here counts, and only with a key of that kind. */
const algorithms = new Map<string, Algorithm>([
  ['RS256', { hash: 'sha256', keyType: 'rsa' }],
  ['RS384', { hash: 'sha384', keyType: 'rsa' }],
  ['RS512', { hash: 'sha512', keyType: 'rsa' }],
  ['ES256', { hash: 'sha256', keyType: 'ec', curve: 'prime256v1' }],
  ['ES384', { hash: 'sha384', keyType: 'ec', curve: 'secp384r1' }],
]);

const tokenBytesMax = 16 * 1024;

export async function checkJwt(
  { keySets, clock }: JwtParts,
  exchange: Exchange,
  { IdentitySource: [source = ''] = [], JwtConfiguration }: AuthorizerDocument,
): Promise<Checked> {
  const { Issuer = '', Audience = [] } = JwtConfiguration ?? {};
  const said = identityOf(exchange, source)?.replace(/^Bearer\s+/i, '');
  if (said === undefined || said === '') return refused('no token', '');
  const trusted = { issuers: [Issuer], audience: Audience, elsewhere: exchange.record.inside === true };
  const claims = await verifiedClaims({ keySets, clock }, said, trusted);
  if (typeof claims === 'string') return refused(claims, 'invalid_token');
  return scoped(claims, exchange.route.AuthorizationScopes ?? []);
}

export interface Trusted {
  readonly issuers: readonly string[];
  /** Undefined where anybody's tokens of the issuer will do. */
  readonly audience: readonly string[] | undefined;
  /** Their keys are not asked of this machine. */
  readonly elsewhere: boolean;
}

/** What a token says, once it is known to be an issuer's and in its time; else why it is not. */
export async function verifiedClaims(
  { keySets, clock }: JwtParts,
  text: string,
  trusted: Trusted,
): Promise<Claims | string> {
  const token = text.length > tokenBytesMax ? undefined : parseToken(text);
  if (token === undefined) return 'the token is not valid';
  const problem = claimsProblem(token.claims, { ...trusted, now: clock.now() / 1000 });
  if (problem !== undefined) return problem;
  const keys = await keySets.keys({ url: String(token.claims.iss), elsewhere: trusted.elsewhere }, token.keyId);
  if (typeof keys === 'string') return keys;
  return keys.some((key) => isSignedBy(token, key)) ? token.claims : 'the signature is not valid';
}

function scoped(claims: Claims, wanted: readonly string[]): Checked {
  const scopes = wanted.length === 0 ? null : wanted;
  if (scopes !== null && !scopesOf(claims).some((scope) => scopes.includes(scope))) {
    return forbidden('the token has none of the scopes of the route');
  }
  return { kind: 'allowed', authorised: { jwt: { claims: shownClaims(claims), scopes } } };
}

function refused(why: string, error: string): Refused {
  const detail = error === '' ? '' : ` scope="" error="${error}" error_description="${why}"`;
  return unauthorized(why, [['www-authenticate', `Bearer${detail}`]]);
}

function parseToken(text: string): Token | undefined {
  const [head = '', payload = '', signature = '', ...more] = text.split('.');
  const [header, claims] = [jsonOf(head), jsonOf(payload)];
  const algorithm = algorithms.get(String(header?.alg));
  if (header === undefined || claims === undefined || algorithm === undefined || more.length > 0) return undefined;
  return {
    algorithm,
    keyId: typeof header.kid === 'string' ? header.kid : undefined,
    claims,
    signed: Buffer.from(`${head}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  };
}

function jsonOf(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined; // checked
  } catch {
    return undefined;
  }
}

interface Wanted extends Trusted {
  /** Seconds since the epoch. */
  readonly now: number;
}

function claimsProblem(claims: Claims, { issuers, audience, now }: Wanted): string | undefined {
  if (!issuers.some((issuer) => issuer === claims.iss)) return 'invalid issuer';
  // Tokens of Amazon Cognito for access name a client and no audience.
  const meant = [claims.aud ?? claims.client_id].flat();
  if (audience && !meant.some((each) => typeof each === 'string' && audience.includes(each))) return 'invalid audience';
  if (typeof claims.exp !== 'number' || claims.exp <= now) return 'the token has expired';
  for (const name of ['nbf', 'iat'] as const) {
    const from = claims[name];
    if (from !== undefined && (typeof from !== 'number' || from > now)) return 'the token is not valid yet';
  }
  return undefined;
}

function isSignedBy({ algorithm, signed, signature }: Token, key: KeyObject): boolean {
  const { hash, keyType, curve } = algorithm;
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== keyType || namedCurve !== curve) return false;
  if (keyType === 'rsa' && modulusLength < 1024) return false;
  return verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

export function scopesOf({ scope, scp }: Claims): string[] {
  return [scope ?? scp].flat().flatMap((each) => (typeof each === 'string' ? each.split(' ') : []));
}

/** Texts alone: a list is written `[a b]`. */
export function shownClaims(claims: Claims): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, shownValue(value)]));
}

function shownValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shownValue).join(' ')}]`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
