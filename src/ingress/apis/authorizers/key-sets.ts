/** The public keys of issuers, fetched as OpenID Connect says and kept for a while. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../base/clock.ts';

/** Keys by their id; those without one are tried for every token. */
interface KeySet {
  readonly keys: readonly { readonly id: string | undefined; readonly key: KeyObject }[];
  readonly fetchedAt: number;
}

const keptMs = 2 * 3_600_000;
/** A key that is not there may be new; whoever makes up key ids does not make us ask each time. */
const againAfterMs = 30_000;
const issuersMax = 1_000;
const keysMax = 100;
const documentBytesMax = 512 * 1024;
const waitMsMax = 5_000;

export class KeySets {
  readonly #clock: Clock;
  readonly #sets = new Map<string, KeySet>();
  readonly #fetching = new Map<string, Promise<KeySet | string>>();
  /** When an issuer last could not be asked, and why. */
  readonly #failures = new Map<string, { readonly at: number; readonly why: string }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those that may have signed a token with this key id, or why there are none. */
  async keys(issuer: string, keyId: string | undefined): Promise<readonly KeyObject[] | string> {
    const kept = this.#sets.get(issuer);
    const now = this.#clock.now();
    if (kept !== undefined && now - kept.fetchedAt < keptMs) {
      const found = chosen(kept, keyId);
      if (found.length > 0 || now - kept.fetchedAt < againAfterMs) return found;
    }
    const fresh = await this.#fetched(issuer, now);
    return typeof fresh === 'string' ? fresh : chosen(fresh, keyId);
  }

  #fetched(issuer: string, now: number): Promise<KeySet | string> {
    const failure = this.#failures.get(issuer);
    if (failure !== undefined && now - failure.at < againAfterMs) return Promise.resolve(failure.why);
    let fetching = this.#fetching.get(issuer);
    if (fetching === undefined) {
      fetching = this.#fetch(issuer).finally(() => this.#fetching.delete(issuer));
      this.#fetching.set(issuer, fetching);
    }
    return fetching;
  }

  async #fetch(issuer: string): Promise<KeySet | string> {
    const now = this.#clock.now();
    if (this.#sets.size >= issuersMax) this.#sets.clear();
    if (this.#failures.size >= issuersMax) this.#failures.clear();
    try {
      const set = { keys: await fetchKeys(issuer, this.#clock), fetchedAt: now };
      this.#sets.set(issuer, set);
      this.#failures.delete(issuer);
      return set;
    } catch (error) {
      const why = `the keys of the issuer cannot be fetched: ${error instanceof Error ? error.message : error}`;
      this.#failures.set(issuer, { at: now, why: why.replace(/["\r\n]/g, ' ') });
      return why.replace(/["\r\n]/g, ' ');
    }
  }
}

function chosen({ keys }: KeySet, keyId: string | undefined): KeyObject[] {
  return keys.filter(({ id }) => keyId === undefined || id === undefined || id === keyId).map(({ key }) => key);
}

async function fetchKeys(issuer: string, clock: Clock): Promise<KeySet['keys']> {
  const aborter = new AbortController();
  const cancel = clock.after(waitMsMax, () => aborter.abort(new Error('the issuer did not answer in time')));
  try {
    const configuration = await fetchJson(
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      aborter.signal,
    );
    const uri = (configuration as { jwks_uri?: unknown }).jwks_uri;
    if (typeof uri !== 'string' || !/^https?:\/\//.test(uri)) throw new Error('the issuer names no jwks_uri');
    const { keys } = (await fetchJson(uri, aborter.signal)) as { keys?: unknown };
    return (Array.isArray(keys) ? keys : []).slice(0, keysMax).flatMap(readKey);
  } finally {
    cancel();
  }
}

/** A key of a kind that we do not know is none, and does no harm to the others. */
function readKey(said: unknown): KeySet['keys'] {
  if (typeof said !== 'object' || said === null) return [];
  const jwk: Readonly<Record<string, unknown>> = { ...said };
  if (jwk.use !== undefined && jwk.use !== 'sig') return [];
  if (jwk.kty !== 'RSA' && jwk.kty !== 'EC') return [];
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return [{ id: typeof jwk.kid === 'string' ? jwk.kid : undefined, key }];
  } catch {
    return [];
  }
}

async function fetchJson(url: string, signal: AbortSignal): Promise<object> {
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > documentBytesMax) throw new Error(`${url} is too large`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
  if (typeof value !== 'object' || value === null) throw new Error(`${url} is no JSON object`);
  return value;
}
