/** Signs what subscribers get, with a key of this server's own: made once, kept, its certificate shown to everybody. */
import { createPrivateKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { SigningIdentity, TopicStore } from '../../store/sns/topics.ts';
import { selfSigned } from './certificate.ts';
import type { Signed } from './notification.ts';

export interface SignerParts {
  readonly store: TopicStore;
  readonly clock: Clock;
  readonly random: Random;
}

const validMs = 10 * 365 * 24 * 3_600_000;
const signing = promisify(sign);

export class Signer {
  readonly #parts: SignerParts;
  #identity: Promise<SigningIdentity> | undefined;
  #key: KeyObject | undefined;

  constructor(parts: SignerParts) {
    this.#parts = parts;
  }

  /** Version 1 signs with SHA-1, version 2 with SHA-256. Not on the server's own thread: a signature takes a millisecond. */
  async sign(text: string, version: string): Promise<Signed> {
    const { key } = await this.#own();
    this.#key ??= createPrivateKey(key);
    const signature = await signing(version === '2' ? 'sha256' : 'sha1', Buffer.from(text), this.#key);
    return { SignatureVersion: version, Signature: signature.toString('base64') };
  }

  async certificate(): Promise<string> {
    return (await this.#own()).certificate;
  }

  #own(): Promise<SigningIdentity> {
    this.#identity ??= this.#found().catch((error) => {
      this.#identity = undefined;
      throw error;
    });
    return this.#identity;
  }

  async #found(): Promise<SigningIdentity> {
    const { store, clock, random } = this.#parts;
    const kept = store.signingIdentity();
    if (kept !== undefined) return kept;
    const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const [from, to] = [new Date(clock.now()), new Date(clock.now() + validMs)];
    const serial = Buffer.from(`01${random.hex(15)}`, 'hex');
    const identity = { key, certificate: selfSigned({ key, name: 'sns.lambent', serial, from, to }) };
    await store.keepSigningIdentity(identity);
    return identity;
  }
}
