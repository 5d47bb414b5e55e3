/** The MD5s that SDKs compare with their own: of a body, and of attributes. */
import { createHash, hash } from 'node:crypto';
import type { Attributes } from './message.ts';

export function md5OfBody(body: string): string {
  return hash('md5', body);
}

/**
 * Of the attributes in the order of their names. Each: name, type, a byte that tells text (1) from bytes (2), value;
 * all but that byte after their length. Undefined without attributes.
 */
export function md5OfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const md5 = createHash('md5');
  const add = (value: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    md5.update(length).update(value);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    md5.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    add(BinaryValue ?? Buffer.from(StringValue ?? ''));
  }
  return md5.digest('hex');
}
