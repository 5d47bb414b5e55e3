/** What a payload must be before it is taken (reference: lambda-semantics 2.1). */
import { isUtf8 } from 'node:buffer';
import { invalidRequestContent, requestEntityTooLarge } from '../../model/errors.ts';
import { asyncPayloadBytesMax, syncPayloadBytes, syncPayloadBytesMax } from '../../model/limits.ts';

const empty = Buffer.from('{}');

/** The bytes for the function: unchanged, `{}` for none. */
export function checkedPayload(payload: Uint8Array | undefined, type: 'RequestResponse' | 'Event' | 'DryRun'): Buffer {
  if (payload === undefined || payload.byteLength === 0) return empty;
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  refuseLarge(bytes.byteLength, type);
  refuseMalformed(bytes);
  return bytes;
}

function refuseLarge(size: number, type: string): void {
  const asynchronous = type === 'Event';
  if (size <= (asynchronous ? asyncPayloadBytesMax : syncPayloadBytesMax)) return;
  const printed = asynchronous ? asyncPayloadBytesMax : syncPayloadBytes;
  throw requestEntityTooLarge(
    `${size} byte payload is too large for the ${type} invocation type (limit ${printed} bytes)`,
  );
}

function refuseMalformed(bytes: Buffer): void {
  try {
    if (!isUtf8(bytes)) throw new Error('Invalid UTF-8');
    JSON.parse(bytes.toString());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw invalidRequestContent(`Could not parse request body into json: Could not parse payload into json: ${detail}`);
  }
}
