/** RFC 8949, as much of it as AWS clients speak: every major type in, definite lengths out. */
import { serializationError } from './serialization.ts';

const depthMax = 128;
const stop = Symbol('stop');

/** A tag and its content, for timestamps (tag 1) and big numbers. */
export class Tagged {
  readonly tag: number;
  readonly value: unknown;
  constructor(tag: number, value: unknown) {
    this.tag = tag;
    this.value = value;
  }
}

export function decodeCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  try {
    const value = reader.item(0);
    if (!reader.ended || value === stop) throw serializationError('CBOR data goes on after its end');
    return value;
  } catch (error) {
    if (error instanceof RangeError) throw serializationError('CBOR data ends too early');
    throw error;
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  item(depth: number): unknown {
    if (depth > depthMax) throw serializationError('CBOR data is nested too deeply');
    const head = this.#bytes.readUInt8(this.#at++);
    const [major, info] = [head >> 5, head & 31];
    switch (major) {
      case 0:
        return this.#count(info);
      case 1:
        return -1 - this.#count(info);
      case 2:
        return info === 31 ? Buffer.concat(this.#chunks(2)) : this.#take(this.#count(info));
      case 3:
        return (info === 31 ? Buffer.concat(this.#chunks(3)) : this.#take(this.#count(info))).toString('utf8');
      case 4:
        return this.#list(info, depth);
      case 5:
        return this.#map(info, depth);
      case 6:
        return new Tagged(this.#count(info), this.item(depth + 1));
      default:
        return this.#simple(info);
    }
  }

  #count(info: number): number {
    if (info < 24) return info;
    const at = this.#at;
    if (info === 24) {
      this.#at += 1;
      return this.#bytes.readUInt8(at);
    }
    if (info === 25) {
      this.#at += 2;
      return this.#bytes.readUInt16BE(at);
    }
    if (info === 26) {
      this.#at += 4;
      return this.#bytes.readUInt32BE(at);
    }
    if (info !== 27) throw serializationError('CBOR data has an unknown length');
    this.#at += 8;
    return Number(this.#bytes.readBigUInt64BE(at));
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw serializationError('CBOR data ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Strings of unknown length are a row of definite ones of the same kind. */
  #chunks(major: number): Buffer[] {
    const chunks: Buffer[] = [];
    for (;;) {
      const head = this.#bytes.readUInt8(this.#at++);
      if (head === 0xff) return chunks;
      if (head >> 5 !== major || (head & 31) === 31)
        throw serializationError('CBOR string has a chunk of another kind');
      chunks.push(this.#take(this.#count(head & 31)));
    }
  }

  #list(info: number, depth: number): unknown[] {
    const length = info === 31 ? Number.POSITIVE_INFINITY : this.#count(info);
    const list: unknown[] = [];
    while (list.length < length) {
      const item = this.item(depth + 1);
      if (item === stop) {
        if (info === 31) break;
        throw serializationError('CBOR data has a break where none belongs');
      }
      list.push(item);
    }
    return list;
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const length = info === 31 ? Number.POSITIVE_INFINITY : this.#count(info);
    const map: Record<string, unknown> = Object.create(null);
    for (let read = 0; read < length; read += 1) {
      const key = this.item(depth + 1);
      if (key === stop && info === 31) break;
      if (typeof key !== 'string') throw serializationError('CBOR map has a key that is not text');
      const value = this.item(depth + 1);
      if (value === stop) throw serializationError('CBOR data has a break where none belongs');
      map[key] = value;
    }
    return map;
  }

  #simple(info: number): unknown {
    const at = this.#at;
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        this.#at += 2;
        return halfFloat(this.#bytes.readUInt16BE(at));
      case 26:
        this.#at += 4;
        return this.#bytes.readFloatBE(at);
      case 27:
        this.#at += 8;
        return this.#bytes.readDoubleBE(at);
      case 31:
        return stop;
      default:
        throw serializationError('CBOR data has an unknown simple value');
    }
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

export function encodeCbor(value: unknown): Buffer {
  const parts: Buffer[] = [];
  write(value, parts);
  return Buffer.concat(parts);
}

function write(value: unknown, parts: Buffer[]): void {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    parts.push(head(3, text.length), text);
  } else if (typeof value === 'number') writeNumber(value, parts);
  else if (typeof value === 'boolean') parts.push(Buffer.of(value ? 0xf5 : 0xf4));
  else if (value === null || value === undefined) parts.push(Buffer.of(0xf6));
  else if (value instanceof Uint8Array) parts.push(head(2, value.length), Buffer.from(value));
  else if (value instanceof Tagged) {
    parts.push(head(6, value.tag));
    write(value.value, parts);
  } else if (Array.isArray(value)) {
    parts.push(head(4, value.length));
    for (const item of value) write(item, parts);
  } else writeMap(Object.entries(value), parts);
}

function writeMap(entries: readonly [string, unknown][], parts: Buffer[]): void {
  const present = entries.filter(([, value]) => value !== undefined);
  parts.push(head(5, present.length));
  for (const [key, value] of present) {
    write(key, parts);
    write(value, parts);
  }
}

function writeNumber(value: number, parts: Buffer[]): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    parts.push(value >= 0 ? head(0, value) : head(1, -1 - value));
    return;
  }
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  parts.push(bytes);
}

function head(major: number, count: number): Buffer {
  const top = major << 5;
  if (count < 24) return Buffer.of(top | count);
  if (count < 0x100) return Buffer.of(top | 24, count);
  if (count < 0x10000) return Buffer.of(top | 25, count >> 8, count & 255);
  const bytes = Buffer.allocUnsafe(count < 0x100000000 ? 5 : 9);
  if (bytes.length === 5) {
    bytes[0] = top | 26;
    bytes.writeUInt32BE(count, 1);
  } else {
    bytes[0] = top | 27;
    bytes.writeBigUInt64BE(BigInt(count), 1);
  }
  return bytes;
}
