/** The certificate in use: renewed ones are taken while the server runs, and what cannot be used is not. */
import { statSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../observe/log.ts';
import { type Certificate, type CertificateFiles, readCertificate } from './certificate.ts';

/** Certificates are renewed days before their end; links and mounts that are exchanged tell nobody, so we look. */
const lookEveryMs = 15_000;
const soonMs = 7 * 24 * 3_600_000;

export interface TlsIdentityOptions {
  readonly files: CertificateFiles;
  readonly clock: Clock;
  readonly log: Log;
}

export class TlsIdentity implements Disposable {
  readonly #options: TlsIdentityOptions;
  #certificate: Certificate;
  #seen: string;
  #cancel: () => void = () => {};
  #changed: (certificate: Certificate) => void = () => {};

  /** Throws `StartError` when the files cannot be used. */
  constructor(options: TlsIdentityOptions) {
    this.#options = options;
    // Before the files are read: what changes in between is read again.
    this.#seen = this.#look();
    this.#certificate = readCertificate(options.files, options.clock.now());
    this.#tell();
  }

  get certificate(): Certificate {
    return this.#certificate;
  }

  /** From now on looks whether the files have changed; whoever serves the certificate hears of a new one. */
  follow(changed: (certificate: Certificate) => void): void {
    this.#changed = changed;
    this.#next();
  }

  /** Takes what the files hold now; else goes on with what there is, and the log says why. */
  reload(): void {
    const { files, clock, log } = this.#options;
    this.#seen = this.#look();
    try {
      this.#certificate = readCertificate(files, clock.now());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return log.error('Kept the certificate that is in use', { why });
    }
    this.#tell();
    this.#changed(this.#certificate);
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#cancel = () => {};
  }

  #next(): void {
    this.#cancel = this.#options.clock.after(lookEveryMs, () => {
      if (this.#look() !== this.#seen) this.reload();
      this.#next();
    });
  }

  /** What tells a file from another one in its place. */
  #look(): string {
    const { cert, key } = this.#options.files;
    return [cert, key].map(markOf).join(' ');
  }

  #tell(): void {
    const { files, clock, log } = this.#options;
    const { expiresAt } = this.#certificate;
    const fields = { certificate: files.cert, expires: new Date(expiresAt).toISOString() };
    if (expiresAt - clock.now() < soonMs) log.warn('Serving HTTPS, with a certificate that expires soon', fields);
    else log.info('Serving HTTPS', fields);
  }
}

function markOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`;
}
