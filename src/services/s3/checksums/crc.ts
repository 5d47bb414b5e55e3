/**
 * The CRCs that Node.js lacks, eight bytes a step: table n holds what a byte does to the remainder once n more bytes have
 * passed ("slicing by eight"). Both are reflected: the lowest bit comes first.
 */
import { crc32 as nativeCrc32 } from 'node:zlib';
import { invariant } from '../../../base/invariant.ts';

/** A remainder that grows with what is added to it. */
export interface Running {
  update(bytes: Buffer): void;
  digest(): Buffer;
}

export const crcPolynomials = {
  CRC32: { width: 32n, polynomial: 0xedb88320n },
  CRC32C: { width: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
} as const;

export function crc32(): Running {
  let value = 0;
  return {
    update(bytes) {
      value = nativeCrc32(bytes, value);
    },
    digest: () => fourBytes(value),
  };
}

export function crc32c(): Running {
  const table = tablesOf('CRC32C').low;
  let crc = 0xffffffff;
  return {
    update(bytes) {
      crc = update32(table, crc, bytes);
    },
    digest: () => fourBytes((crc ^ 0xffffffff) >>> 0),
  };
}

export function crc64nvme(): Running {
  const tables = tablesOf('CRC64NVME');
  const crc: Remainder = { low: 0xffffffff, high: 0xffffffff };
  return {
    update: (bytes) => update64(tables, crc, bytes),
    digest: () => Buffer.concat([fourBytes(~crc.high >>> 0), fourBytes(~crc.low >>> 0)]),
  };
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

interface Tables {
  /** Eight tables of 256, one behind the other. */
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

interface Remainder {
  low: number;
  high: number;
}

const made = new Map<string, Tables>();

function tablesOf(name: 'CRC32C' | 'CRC64NVME'): Tables {
  const known = made.get(name);
  if (known !== undefined) return known;
  const { polynomial } = crcPolynomials[name];
  const tables = { low: new Uint32Array(2048), high: new Uint32Array(2048) };
  const first = Array.from({ length: 256 }, (_, byte) => stepped(BigInt(byte), polynomial));
  for (let byte = 0; byte < 256; byte += 1) {
    let value = 0n;
    for (let slice = 0; slice < 8; slice += 1) {
      const before = slice === 0 ? BigInt(byte) : value;
      const entry = first[Number(before & 0xffn)];
      invariant(entry !== undefined, 'a byte has an entry');
      value = entry ^ (before >> 8n);
      tables.low[slice * 256 + byte] = Number(value & 0xffffffffn);
      tables.high[slice * 256 + byte] = Number(value >> 32n);
    }
  }
  made.set(name, tables);
  return tables;
}

function stepped(value: bigint, polynomial: bigint): bigint {
  let crc = value;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1n) === 0n ? crc >> 1n : (crc >> 1n) ^ polynomial;
  return crc;
}

function update32(table: Uint32Array, start: number, bytes: Buffer): number {
  const t = (slice: number, byte: number) => table[slice * 256 + byte] ?? 0;
  let crc = start;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    const a = (crc ^ bytes.readUInt32LE(at)) >>> 0;
    const b = bytes.readUInt32LE(at + 4);
    crc =
      t(7, a & 255) ^
      t(6, (a >>> 8) & 255) ^
      t(5, (a >>> 16) & 255) ^
      t(4, a >>> 24) ^
      t(3, b & 255) ^
      t(2, (b >>> 8) & 255) ^
      t(1, (b >>> 16) & 255) ^
      t(0, b >>> 24);
  }
  for (; at < bytes.length; at += 1) crc = t(0, (crc ^ (bytes[at] ?? 0)) & 255) ^ (crc >>> 8);
  return crc;
}

function update64({ low, high }: Tables, crc: Remainder, bytes: Buffer): void {
  let [l, h] = [crc.low, crc.high];
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    const a = l ^ bytes.readUInt32LE(at);
    const b = h ^ bytes.readUInt32LE(at + 4);
    const [p7, p6, p5, p4] = [1792 + (a & 255), 1536 + ((a >>> 8) & 255), 1280 + ((a >>> 16) & 255), 1024 + (a >>> 24)];
    const [p3, p2, p1, p0] = [768 + (b & 255), 512 + ((b >>> 8) & 255), 256 + ((b >>> 16) & 255), b >>> 24];
    l = four(low, p7, p6, p5, p4) ^ four(low, p3, p2, p1, p0);
    h = four(high, p7, p6, p5, p4) ^ four(high, p3, p2, p1, p0);
  }
  for (; at < bytes.length; at += 1) {
    const place = (l ^ (bytes[at] ?? 0)) & 255;
    l = ((l >>> 8) | (h << 24)) ^ (low[place] ?? 0);
    h = (h >>> 8) ^ (high[place] ?? 0);
  }
  crc.low = l >>> 0;
  crc.high = h >>> 0;
}

function four(table: Uint32Array, a: number, b: number, c: number, d: number): number {
  return (table[a] ?? 0) ^ (table[b] ?? 0) ^ (table[c] ?? 0) ^ (table[d] ?? 0);
}
