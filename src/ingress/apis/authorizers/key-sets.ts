/** The public keys of issuers, fetched as OpenID Connect says and kept for a while. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Clock } from '../../../base/clock.ts';
import { checkReach, guardedLookup } from '../../../base/reach.ts';

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

export interface Issuer {
  readonly url: string;
  /** Not on this machine. */
  readonly elsewhere: boolean;
}

/** What is known for one who may ask this machine is not known for one who may not. */
function nameOf({ url, elsewhere }: Issuer): string {
  return elsewhere ? `elsewhere ${url}` : url;
}

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
  async keys(issuer: Issuer, keyId: string | undefined): Promise<readonly KeyObject[] | string> {
    const kept = this.#sets.get(nameOf(issuer));
    const now = this.#clock.now();
    if (kept !== undefined && now - kept.fetchedAt < keptMs) {
      const found = chosen(kept, keyId);
      if (found.length > 0 || now - kept.fetchedAt < againAfterMs) return found;
    }
    const fresh = await this.#fetched(issuer, now);
    return typeof fresh === 'string' ? fresh : chosen(fresh, keyId);
  }

  #fetched(issuer: Issuer, now: number): Promise<KeySet | string> {
    const name = nameOf(issuer);
    const failure = this.#failures.get(name);
    if (failure !== undefined && now - failure.at < againAfterMs) return Promise.resolve(failure.why);
    let fetching = this.#fetching.get(name);
    if (fetching === undefined) {
      fetching = this.#fetch(issuer).finally(() => this.#fetching.delete(name));
      this.#fetching.set(name, fetching);
    }
    return fetching;
  }

  async #fetch(issuer: Issuer): Promise<KeySet | string> {
    const name = nameOf(issuer);
    const now = this.#clock.now();
    if (this.#sets.size >= issuersMax) this.#sets.clear();
    if (this.#failures.size >= issuersMax) this.#failures.clear();
    try {
      const set = { keys: await fetchKeys(issuer, this.#clock), fetchedAt: now };
      this.#sets.set(name, set);
      this.#failures.delete(name);
      return set;
    } catch (error) {
      const why = `the keys of the issuer cannot be fetched: ${error instanceof Error ? error.message : error}`;
      this.#failures.set(name, { at: now, why: why.replace(/["\r\n]/g, ' ') });
      return why.replace(/["\r\n]/g, ' ');
    }
  }
}

function chosen({ keys }: KeySet, keyId: string | undefined): KeyObject[] {
  return keys.filter(({ id }) => keyId === undefined || id === undefined || id === keyId).map(({ key }) => key);
}

async function fetchKeys({ url, elsewhere }: Issuer, clock: Clock): Promise<KeySet['keys']> {
  const aborter = new AbortController();
  const cancel = clock.after(waitMsMax, () => aborter.abort(new Error('the issuer did not answer in time')));
  const options = { signal: aborter.signal, elsewhere };
  try {
    const configuration = await fetchJson(`${url.replace(/\/$/, '')}/.well-known/openid-configuration`, options);
    const uri = (configuration as { jwks_uri?: unknown }).jwks_uri;
    if (typeof uri !== 'string' || !/^https?:\/\//.test(uri)) throw new Error('the issuer names no jwks_uri');
    const { keys } = (await fetchJson(uri, options)) as { keys?: unknown };
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

interface FetchOptions {
  readonly signal: AbortSignal;
  readonly elsewhere: boolean;
}

/** Follows nobody to another place, and only goes where it may. */
async function fetchJson(from: string, { signal, elsewhere }: FetchOptions): Promise<object> {
  const url = new URL(from);
  checkReach(url, elsewhere);
  const options = { signal, lookup: guardedLookup(elsewhere), headers: { accept: 'application/json' }, agent: false };
  const outgoing = (url.protocol === 'https:' ? requestTls : request)(url, options).end();
  const [response]: IncomingMessage[] = await once(outgoing, 'response', { signal });
  if (response?.statusCode !== 200) {
    outgoing.destroy();
    throw new Error(`${from} answered ${response?.statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > documentBytesMax) throw new Error(`${from} is too large`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
  if (typeof value !== 'object' || value === null) throw new Error(`${from} is no JSON object`);
  return value;
}
