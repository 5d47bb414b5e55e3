import { serializationError } from './serialization.ts';

/** Node skips what is not base64; a client that sends such text is told instead. */
export function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (bytes.length !== Math.floor(((text.length - padding) * 3) / 4)) {
    throw serializationError('Unable to decode the value as base64');
  }
  return bytes;
}

/** A view on the same bytes, whichever kind of array a handler returned. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function toBase64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64');
}
