import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type AlgorithmName, algorithms } from './algorithms.ts';
import { type CrcName, combinedCrc } from './combine.ts';

function digestOf(name: AlgorithmName, ...parts: readonly Buffer[]): Buffer {
  const running = algorithms[name].start();
  for (const part of parts) running.update(part);
  return running.digest();
}

test('the check values of each algorithm, over "123456789"', () => {
  const expected: Readonly<Record<string, string>> = {
    CRC32: 'cbf43926',
    CRC32C: 'e3069283',
    CRC64NVME: 'ae8b14860a799888',
    SHA1: 'f7c3bc1d808e04732adf679965ccc34ca7ae3441',
    SHA256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
  };
  for (const [name, hex] of Object.entries(expected)) {
    assert.equal(digestOf(name as AlgorithmName, Buffer.from('123456789')).toString('hex'), hex, name);
  }
});

test('however a body is cut, its checksum is the same, and follows from those of the pieces', () => {
  const body = randomBytes(100_003);
  for (const name of ['CRC32', 'CRC32C', 'CRC64NVME'] satisfies CrcName[]) {
    const whole = digestOf(name, body).toString('hex');
    const pieces = [body.subarray(0, 5), body.subarray(5, 50_001), body.subarray(50_001)];
    assert.equal(digestOf(name, ...pieces).toString('hex'), whole, name);
    const stretches = pieces.map((piece) => ({ crc: digestOf(name, piece), size: piece.length }));
    assert.equal(combinedCrc(name, stretches).toString('hex'), whole, name);
  }
});
