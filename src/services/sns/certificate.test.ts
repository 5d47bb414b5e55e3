import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { selfSigned } from './certificate.ts';

test('a certificate is one that others read, and its own key has signed it', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const from = new Date('2026-01-02T03:04:05Z');
  const to = new Date('2055-01-02T03:04:05Z');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const made = new X509Certificate(
    selfSigned({ key, name: 'sns.example', serial: Buffer.from('ff01', 'hex'), from, to }),
  );
  assert.deepEqual([made.subject, made.issuer, made.serialNumber], ['CN=sns.example', 'CN=sns.example', 'FF01']);
  assert.deepEqual([made.validFromDate, made.validToDate], [from, to]);
  assert.ok(made.verify(publicKey) && made.checkPrivateKey(privateKey));
});
