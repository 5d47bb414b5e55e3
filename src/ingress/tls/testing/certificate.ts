/** Certificates for tests, made by openssl: each signs itself, for this machine's names. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateFiles } from '../certificate.ts';

const names = [
  ...['DNS:localhost', 'IP:127.0.0.1'],
  ...['DNS:*.execute-api.us-east-1.localhost', 'DNS:*.lambda-url.us-east-1.localhost'],
];

export interface TestCertificate extends CertificateFiles, Disposable {
  readonly folder: string;
  /** Puts another pair in its place, as whoever renews certificates does. */
  renew(): void;
}

export function testCertificate(): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-tls-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const renew = () => makeCertificate(files);
  renew();
  return { ...files, folder, renew, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export function makeCertificate({ cert, key }: CertificateFiles): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', key, '-out', cert, '-days', '30', '-subj', '/CN=lambent-test'],
      ...['-addext', `subjectAltName=${names.join(',')}`],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
}
