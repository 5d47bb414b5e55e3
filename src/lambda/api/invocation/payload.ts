/** What a payload must be before it is taken (reference: lambda-semantics 2.1). */
import { isUtf8 } from 'node:buffer';
import { invalidRequestContent, requestEntityTooLarge } from '../../model/errors.ts';
import { asyncPayloadBytesMax, syncPayloadBytes, syncPayloadBytesMax } from '../../model/limits.ts';
import { jsonFault } from './json-scan.ts';

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
  const fault = isUtf8(bytes) ? jsonFault(bytes) : 'invalid UTF-8';
  if (fault === undefined) return;
  const detail = typeof fault === 'string' ? fault : detailOf(bytes, fault);
  throw invalidRequestContent(`Could not parse request body into json: Could not parse payload into json: ${detail}`);
}

function detailOf(bytes: Buffer, at: number): string {
  if (at >= bytes.byteLength) return `unexpected end of input at offset ${at}`;
  return `unexpected character at offset ${at}: ${JSON.stringify(bytes.toString('utf8', at, at + 20))}`;
}
