/** Who sent a request: its signature is verified, or, in the open loopback mode, believed. */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Protocol } from '../aws/model.ts';
import type { Principal } from '../aws/operation.ts';
import { bucketPath } from '../aws/route/identify.ts';
import { canonicalRequest } from '../aws/sigv4/canonical.ts';
import type { ChunkSigner } from '../aws/sigv4/chunked.ts';
import { SigningKeys, signatureOf } from '../aws/sigv4/keys.ts';
import type { Headers, Scope, Signature } from '../aws/sigv4/signature.ts';
import { oldSignatureOf } from '../aws/sigv4/version2.ts';
import type { Clock } from '../base/clock.ts';
import type { Limit } from './grants.ts';
import type { AccessKey, KeyStore, RoleGrants, Session } from './keys.ts';
import { type Refusal, refused } from './refusal.ts';
import { sessionKey } from './session.ts';

export interface AuthenticatorOptions {
  readonly mode: 'open' | 'signed';
  readonly keys: KeyStore;
  readonly serverSecret: Buffer;
  readonly clock: Clock;
}

/** A request as it was signed: nothing decoded, nothing decompressed. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  /** Undefined for a body that is read later. */
  readonly body: Buffer | undefined;
  readonly signature: Signature | 'malformed' | 'asymmetric' | undefined;
  readonly protocol: Protocol;
  /** What the credential's scope must name; unknown when routing found no service. */
  readonly signingName: string | undefined;
}

export interface Authenticated {
  readonly principal: Principal;
  /** For a body whose chunks are signed one by one. */
  readonly chunks?: ChunkSigner;
  /** What a body that is read later must hash to: hexadecimal SHA-256. */
  readonly bodySha256?: string;
}

/** Of a form that a page sends to S3: what is signed is the form's policy, as it stands there. */
export interface FormSignature {
  readonly policy: string;
  readonly accessKeyId: string;
  /** Undefined in version 2. */
  readonly scope: Scope | undefined;
  readonly signature: string;
  readonly sessionToken: string | undefined;
}

const openAccount = '000000000000';
const skewMsMax = 15 * 60_000;
const sessionsMax = 10_000;

export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #signingKeys = new SigningKeys();
  /** Verified tokens, by token. */
  readonly #sessions = new Map<string, AccessKey>();
  readonly #principals = new WeakMap<AccessKey, { readonly principal: Principal; readonly grants?: RoleGrants }>();
  readonly #openRoots = new Map<string, Principal>([[openAccount, rootOf(openAccount)]]);

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Refuses, before its body is read, a request that no body can save. Without a signature S3 serves what a bucket's
   * policy lets everybody do; only where no body is held in memory for it, which is what `streams` says.
   */
  precheck(signature: SignedRequest['signature'], protocol: Protocol, streams = false): void {
    if (this.#options.mode === 'open') return;
    if (signature === undefined && streams && protocol === 'restXml') return;
    if (signature === undefined) throw refused('missing', protocol);
    if (signature === 'malformed') throw refused('incomplete', protocol);
    if (signature === 'asymmetric') throw refused('asymmetric', protocol);
    const key = this.#keyOf(signature);
    if (typeof key === 'string') throw refused(key, protocol);
  }

  /** Throws the service family's error for a request that is not let in. */
  authenticate(request: SignedRequest): Authenticated {
    if (this.#options.mode === 'open') return { principal: this.#believed(request) };
    if (request.signature === undefined && request.protocol === 'restXml') return { principal: everybody };
    const outcome = this.#verified(request);
    if (typeof outcome === 'string') throw refused(outcome, request.protocol);
    return outcome;
  }

  /** By its policy alone; whoever sends it need not be known. */
  authenticateForm(form: FormSignature | undefined): Principal {
    if (form === undefined) return this.#options.mode === 'open' ? this.#openRoot(openAccount) : everybody;
    if (this.#options.mode === 'open') return this.#named(form);
    const key = this.#keyOf(form);
    if (typeof key === 'string') throw refused(key, 'restXml');
    if (!same(this.#formSignature(form, key), form.signature)) throw refused('mismatch', 'restXml');
    return this.#principal(key);
  }

  #formSignature({ policy, scope }: FormSignature, { accessKeyId, secretAccessKey }: AccessKey): string {
    if (scope === undefined) return createHmac('sha1', secretAccessKey).update(policy).digest('base64');
    const key = this.#signingKeys.signingKey(accessKeyId, secretAccessKey, scope);
    return createHmac('sha256', key).update(policy).digest('hex');
  }

  /** Everything but that a link is over: its expiry is meant for whoever has it, and no secret is needed to see it. */
  #believed({ signature, protocol }: SignedRequest): Principal {
    if (signature === undefined || typeof signature === 'string') return this.#openRoot(openAccount);
    if (signature.place === 'query') {
      const late = signature.version === 4 ? this.#untimely(signature) : this.#linkOver(signature);
      if (late === 'link-expired') throw refused(late, protocol);
    }
    return this.#named(signature);
  }

  #named(signature: Pick<Signature, 'accessKeyId' | 'sessionToken'>): Principal {
    const key = this.#keyOf(signature);
    if (typeof key !== 'string') return this.#principal(key);
    return this.#openRoot(/^[0-9]{12}$/.test(signature.accessKeyId) ? signature.accessKeyId : openAccount);
  }

  #openRoot(accountId: string): Principal {
    let root = this.#openRoots.get(accountId);
    if (root === undefined) {
      root = rootOf(accountId);
      if (this.#openRoots.size < sessionsMax) this.#openRoots.set(accountId, root);
    }
    return root;
  }

  #verified(request: SignedRequest): Authenticated | Refusal {
    const { signature, signingName } = request;
    if (signature === undefined) return 'missing';
    if (signature === 'malformed') return 'incomplete';
    if (signature === 'asymmetric') return 'asymmetric';
    if (signingName !== undefined && signature.scope.service !== signingName) return 'wrong-service';
    const key = this.#keyOf(signature);
    if (typeof key === 'string') return key;
    const late = signature.version === 4 ? this.#untimely(signature) : this.#linkOver(signature);
    if (late !== undefined) return late;
    if (signature.version === 2) return this.#verifiedOld(request, signature, key);
    return this.#verifiedNew(request, signature, key);
  }

  #keyOf({ accessKeyId, sessionToken }: Pick<Signature, 'accessKeyId' | 'sessionToken'>): AccessKey | Refusal {
    if (sessionToken === undefined) return this.#options.keys.find(accessKeyId) ?? 'unknown-key';
    const now = this.#options.clock.now();
    const cached = this.#sessions.get(sessionToken);
    if (cached !== undefined && cached.accessKeyId === accessKeyId && (cached.expiresAt ?? 0) > now) return cached;
    const key = sessionKey(this.#options.serverSecret, accessKeyId, sessionToken, now);
    if (key === 'expired') return 'expired-token';
    if (key === 'invalid') return 'unknown-key';
    if (this.#sessions.size >= sessionsMax) this.#sessions.clear();
    this.#sessions.set(sessionToken, key);
    return key;
  }

  #untimely({ timestamp, scope, place, expires }: Signature): Refusal | undefined {
    const signedAt = timestampMs(timestamp);
    if (signedAt === undefined || !timestamp.startsWith(scope.date)) return 'incomplete';
    const age = this.#options.clock.now() - signedAt;
    if (age < -skewMsMax) return 'too-early';
    if (place === 'query') return age > (expires ?? 0) * 1000 ? 'link-expired' : undefined;
    return age > skewMsMax ? 'too-old' : undefined;
  }

  #linkOver({ expires }: Signature): Refusal | undefined {
    return this.#options.clock.now() > (expires ?? 0) * 1000 ? 'link-expired' : undefined;
  }

  #verifiedOld(request: SignedRequest, signature: Signature, key: AccessKey): Authenticated | Refusal {
    if (request.protocol !== 'restXml') return 'incomplete';
    // Version 2 signs the bucket's name wherever it stands.
    const expected = oldSignatureOf(key.secretAccessKey, signature, { ...request, path: bucketPath(request) });
    return same(expected, signature.signature) ? { principal: this.#principal(key) } : 'mismatch';
  }

  #verifiedNew(request: SignedRequest, signature: Signature, key: AccessKey): Authenticated | Refusal {
    const { scope, signedHeaders, timestamp } = signature;
    if (!/(^|;)(host|:authority)(;|$)/.test(signedHeaders)) return 'incomplete';
    const s3 = request.protocol === 'restXml';
    const payloadHash = payloadHashOf(request, signature, s3);
    if (payloadHash === undefined) return 'no-body-hash';
    const signingKey = this.#signingKeys.signingKey(key.accessKeyId, key.secretAccessKey, scope);
    const canonical = canonicalRequest({ ...request, signedHeaders, payloadHash, s3 });
    const expected = signatureOf(signingKey, timestamp, scope, canonical);
    if (!same(expected, signature.signature)) return 'mismatch';
    const principal = this.#principal(key);
    if (s3 && /^[0-9a-f]{64}$/.test(payloadHash)) {
      if (request.body === undefined) return { principal, bodySha256: payloadHash };
      return payloadHash === hash('sha256', request.body, 'hex') ? { principal } : 'body-mismatch';
    }
    if (!payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')) return { principal };
    return { principal, chunks: { key: signingKey, timestamp, scope, seed: expected } };
  }

  /** What a user may do comes with its key; what a role may do can change while its sessions go on. */
  #principal(key: AccessKey): Principal {
    const { session } = key;
    const asked = session !== undefined && this.#options.mode === 'signed';
    const grants = asked ? this.#options.keys.role?.(session.roleArn) : undefined;
    const known = this.#principals.get(key);
    if (known !== undefined && known.grants === grants) return known.principal;
    const principal = session === undefined ? keyPrincipal(key) : this.#sessionPrincipal(key, session, grants);
    this.#principals.set(key, { principal, grants });
    return principal;
  }

  #sessionPrincipal(key: AccessKey, session: Session, grants: RoleGrants | undefined): Principal {
    const { kind, accountId, principalArn: arn, accessKeyId } = key;
    const { roleArn, roleId = grants?.id } = session;
    const known = { kind, accountId, arn, accessKeyId, role: { arn: roleArn, id: roleId } };
    if (this.#options.mode === 'open') return { ...known, unlimited: true };
    // A role that is gone, or that has its name only: of what it was let do nothing is left.
    if (grants === undefined || grants.id !== roleId) return { ...known, policies: [] };
    const limits = [...grants.limits, ...this.#sessionLimits(session)];
    return { ...known, policies: grants.policies, limits, tags: { ...grants.tags, ...session.tags } };
  }

  #sessionLimits({ policy, policyArns = [] }: Session): Limit[] {
    if (policy === undefined && policyArns.length === 0) return [];
    const managed = policyArns.flatMap((arn) => this.#options.keys.documents?.(arn) ?? []);
    return [{ by: 'session policy', policies: policy === undefined ? managed : [policy, ...managed] }];
  }
}

function keyPrincipal(key: AccessKey): Principal {
  const { kind, accountId, principalArn: arn, accessKeyId, policies, limits, tags, id } = key;
  return { kind, accountId, arn, accessKeyId, policies, limits, tags, id };
}

/** Of a request without a signature: only what is everybody's may be done. */
const everybody: Principal = { kind: 'anonymous', accountId: '', arn: '*' };

function rootOf(accountId: string): Principal {
  return { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` };
}

/** S3 signs what a header says of the body; elsewhere that header is not to be trusted and the body itself counts. */
function payloadHashOf({ headers, query, body }: SignedRequest, { place }: Signature, s3: boolean): string | undefined {
  const found = body === undefined ? undefined : () => hash('sha256', body, 'hex');
  if (!s3) return found?.();
  const said = headers['x-amz-content-sha256'] ?? /(?:^|&)X-Amz-Content-Sha256=([^&]*)/i.exec(query)?.[1];
  return said ?? (place === 'query' ? 'UNSIGNED-PAYLOAD' : found?.());
}

function same(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function timestampMs(timestamp: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (match === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
