import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ManualClock } from '../../base/manual-clock.ts';
import { type Log, silentLog } from '../../observe/log.ts';
import { readCertificate } from './certificate.ts';
import { TlsIdentity } from './identity.ts';
import { makeCertificate, testCertificate } from './testing/certificate.ts';

const dayMs = 24 * 3_600_000;
// Certificates are made now, and their time counts.
const now = Date.now();
const files = testCertificate();
after(() => files[Symbol.dispose]());
const path = (name: string) => join(files.folder, name);

test('a certificate and its key are read, with the time of its end', () => {
  const { expiresAt, cert } = readCertificate(files, now + 1000);
  assert.ok(expiresAt > now + 29 * dayMs && expiresAt < now + 31 * dayMs);
  assert.match(cert.toString(), /BEGIN CERTIFICATE/);
});

test('what cannot be used is refused with the file and the reason', () => {
  const other = { cert: path('other-cert.pem'), key: path('other-key.pem') };
  makeCertificate(other);
  writeFileSync(path('text'), 'no certificate');
  writeFileSync(path('garbled'), '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n');
  const locked = path('locked.pem');
  execFileSync('openssl', ['pkey', '-in', files.key, '-aes256', '-passout', 'pass:secret', '-out', locked]);
  const refused: [given: Partial<typeof other>, at: number, says: RegExp][] = [
    [{ cert: path('none') }, now, /Cannot read the certificate \S+none: there is no such file/],
    [{ key: path('none') }, now, /Cannot read the key \S+none: there is no such file/],
    [{ cert: files.folder }, now, /Cannot read the certificate \S+: it is a folder/],
    [{ cert: path('text') }, now, /Cannot use the certificate \S+text: it is not in PEM form/],
    [{ cert: path('garbled') }, now, /Cannot use the certificate \S+garbled: /],
    [{ key: path('text') }, now, /Cannot use the key \S+text: it is no key in PEM form/],
    [{ key: locked }, now, /Cannot use the key \S+locked.pem: it needs a passphrase/],
    [{ key: other.key }, now, /Cannot use the key \S+: it is not that of the certificate/],
    [{}, now + 31 * dayMs, /Cannot use the certificate \S+: it expired at 20/],
    [{}, now - dayMs, /Cannot use the certificate \S+: it is valid from 20\S+ on/],
  ];
  for (const [given, at, message] of refused) {
    const pair = { cert: files.cert, key: files.key, ...given };
    assert.throws(() => readCertificate(pair, at), { name: 'StartError', problem: 'certificate', message });
  }
});

test('a renewed certificate is taken by itself; one that cannot be used leaves the old one in use', async () => {
  using own = testCertificate();
  const clock = new ManualClock(now + 1000);
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (_, fields) => void errors.push(String(fields?.why)) };
  using identity = new TlsIdentity({ files: own, clock, log });
  const taken: string[] = [];
  identity.follow(({ cert }) => void taken.push(cert.toString()));
  const first = identity.certificate.cert.toString();

  await clock.advance(60_000);
  assert.deepEqual([taken, errors], [[], []], 'nothing has changed');

  writeFileSync(own.key, 'half written');
  await clock.advance(60_000);
  assert.equal(errors.length, 1, 'it is said once, not with every look');
  assert.match(errors[0] ?? '', /it is no key in PEM form/);
  assert.equal(identity.certificate.cert.toString(), first);

  own.renew();
  await clock.advance(60_000);
  assert.equal(taken.length, 1);
  assert.notEqual(taken[0], first);
  assert.equal(identity.certificate.cert.toString(), taken[0]);

  identity[Symbol.dispose]();
  appendFileSync(own.cert, '\n');
  await clock.advance(60_000);
  assert.equal(taken.length, 1, 'nobody looks any more');
});
