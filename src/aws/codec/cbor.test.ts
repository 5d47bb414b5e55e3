import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCbor, encodeCbor } from './cbor.ts';

test('the examples of RFC 8949, appendix A', () => {
  const examples: [string, unknown][] = [
    ['00', 0],
    ['1818', 24],
    ['1a000f4240', 1000000],
    ['1b000000e8d4a51000', 1000000000000],
    ['3903e7', -1000],
    ['f93e00', 1.5],
    ['f90001', 2 ** -24],
    ['fa47c35000', 100000],
    ['fb3ff199999999999a', 1.1],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['f5', true],
    ['f6', null],
    ['4401020304', Buffer.of(1, 2, 3, 4)],
    ['63e6b0b4', '水'],
    ['83010203', [1, 2, 3]],
    ['5f42010243030405ff', Buffer.of(1, 2, 3, 4, 5)],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ];
  for (const [hex, value] of examples) assert.deepEqual(decodeCbor(Buffer.from(hex, 'hex')), value, hex);
  assert.deepEqual(
    { ...(decodeCbor(Buffer.from('bf6346756ef563416d7421ff', 'hex')) as object) },
    { Fun: true, Amt: -2 },
  );
  for (const hex of [
    '',
    '18',
    '1c',
    '5f',
    '9f01',
    '9bffffffffffffffff',
    'a101',
    '7f01ff',
    'ff',
    '0000',
    '81'.repeat(500),
  ]) {
    assert.throws(() => decodeCbor(Buffer.from(hex, 'hex')), { code: 'SerializationException' }, hex.slice(0, 20));
  }
});

test('what is written is read again', () => {
  const value = {
    list: [0, 23, 24, 255, 256, 65536, 2 ** 32, -1, -25, 1.5, 'ü'.repeat(300)],
    bytes: Buffer.alloc(70_000),
    no: null,
  };
  const read = decodeCbor(encodeCbor({ ...value, left: undefined }));
  assert.deepEqual({ ...(read as object) }, value);
});
