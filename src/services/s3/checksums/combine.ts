/**
 * The CRC of two stretches in a row from the CRC of each: the first, multiplied by x to the number of the second's bits
 * modulo the polynomial, and the second. So a multipart object has a checksum of the whole without being read again.
 */
import { crcPolynomials } from './crc.ts';

export type CrcName = keyof typeof crcPolynomials;

export interface Stretch {
  readonly crc: Buffer;
  readonly size: number;
}

export function combinedCrc(name: CrcName, stretches: readonly Stretch[]): Buffer {
  const { width } = crcPolynomials[name];
  let whole = 0n;
  for (const { crc, size } of stretches) whole = product(name, whole, shiftOf(name, size)) ^ numberOf(crc);
  const bytes = Buffer.alloc(Number(width) / 8);
  if (width === 64n) bytes.writeBigUInt64BE(whole);
  else bytes.writeUInt32BE(Number(whole));
  return bytes;
}

function numberOf(crc: Buffer): bigint {
  return BigInt(`0x${crc.toString('hex') || '0'}`);
}

const shifts = new Map<string, bigint>();
const shiftsMax = 1000;

/** x to the eight times `bytes`; parts mostly have one size, so the last ones are kept. */
function shiftOf(name: CrcName, bytes: number): bigint {
  const key = `${name} ${bytes}`;
  const known = shifts.get(key);
  if (known !== undefined) return known;
  const { width } = crcPolynomials[name];
  // Reflected: the highest bit stands for 1, the next for x.
  let result = 1n << (width - 1n);
  let square = 1n << (width - 1n - 8n);
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(name, result, square);
    square = product(name, square, square);
  }
  if (shifts.size >= shiftsMax) shifts.clear();
  shifts.set(key, result);
  return result;
}

function product(name: CrcName, a: bigint, b: bigint): bigint {
  const { width, polynomial } = crcPolynomials[name];
  let sum = 0n;
  let shifted = b;
  for (let bit = width - 1n; bit >= 0n; bit -= 1n) {
    if (((a >> bit) & 1n) === 1n) sum ^= shifted;
    shifted = (shifted & 1n) === 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return sum;
}
