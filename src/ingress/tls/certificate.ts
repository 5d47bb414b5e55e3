/** The certificate that the server shows and its key, read from files and checked before anybody sees them. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { StartError } from '../../config/start-error.ts';

export interface CertificateFiles {
  /** PEM: the server's own certificate first, then those between it and its authority. */
  readonly cert: string;
  /** PEM, without a passphrase. */
  readonly key: string;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Throws `StartError`, which says what is wrong with which file. */
export function readCertificate(files: CertificateFiles, now: number): Certificate {
  const cert = contentOf('certificate', files.cert);
  const key = contentOf('key', files.key);
  const own = certificateIn(cert, files.cert);
  if (!own.checkPrivateKey(keyIn(key, files.key))) {
    throw problem(`Cannot use the key ${files.key}: it is not that of the certificate ${files.cert}`);
  }
  const { validFromDate, validToDate } = own;
  if (now >= validToDate.getTime()) throw unusable(files.cert, `it expired at ${validToDate.toISOString()}`);
  if (now < validFromDate.getTime()) throw unusable(files.cert, `it is valid from ${validFromDate.toISOString()} on`);
  checkWhole({ cert, key }, files.cert);
  return { cert, key, expiresAt: validToDate.getTime() };
}

function contentOf(what: 'certificate' | 'key', path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw problem(`Cannot read the ${what} ${path}: ${reasons[code] ?? String(error)}`, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'the user who runs the server may not read it',
  EISDIR: 'it is a folder',
};

function certificateIn(cert: Buffer, path: string): X509Certificate {
  if (!cert.includes('-----BEGIN CERTIFICATE-----')) throw unusable(path, 'it is not in PEM form');
  try {
    return new X509Certificate(cert);
  } catch (error) {
    throw unusable(path, messageOf(error), error);
  }
}

function keyIn(key: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(key);
  } catch (error) {
    const why = isLocked(key) ? 'it needs a passphrase, which nobody could enter' : 'it is no key in PEM form';
    throw problem(`Cannot use the key ${path}: ${why}`, error);
  }
}

/** Both ways in which PEM says it. */
function isLocked(key: Buffer): boolean {
  return /BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(key.toString('latin1'));
}

/** The rest of the chain, and what OpenSSL takes for too weak. */
function checkWhole(pair: Pick<Certificate, 'cert' | 'key'>, path: string): void {
  try {
    createSecureContext(pair);
  } catch (error) {
    throw unusable(path, messageOf(error), error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unusable(path: string, why: string, cause?: unknown): StartError {
  return problem(`Cannot use the certificate ${path}: ${why}`, cause);
}

function problem(message: string, cause?: unknown): StartError {
  return new StartError('certificate', message, { cause });
}
