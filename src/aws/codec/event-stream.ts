/**
 * Event streams out: each event is a frame.
 *
 *   u32 total | u32 headers | u32 crc of these 8 | headers | payload | u32 crc of all before
 *   header: u8 name length, name, u8 type, value (7 = string with u16 length)
 */
import { crc32 } from 'node:zlib';
import type { AwsError } from '../errors.ts';
import type { MemberModel, ServiceModel } from '../model.ts';
import { asBuffer } from './base64.ts';

/** How a structure becomes the payload of a frame: JSON, XML or CBOR, as the protocol has it. */
export interface EventBody {
  readonly contentType: string;
  write(structure: string, value: unknown, only: (member: MemberModel) => boolean): Buffer;
}

export type EventHeader = readonly [name: string, value: string];

/** A payload that is large goes out as it is, between two pieces of its own: copies of a stream are work for the collector. */
const joinedBytesMax = 4096;

export function encodeFrame(headers: readonly EventHeader[], payload: Uint8Array): Buffer {
  return Buffer.concat(frameParts(headers, payload));
}

function frameParts(headers: readonly EventHeader[], payload: Uint8Array): Buffer[] {
  const encoded = headers.map(([name, value]) => encodeHeader(name, value));
  const headersLength = encoded.reduce((sum, { length }) => sum + length, 0);
  const head = Buffer.allocUnsafe(12 + headersLength);
  head.writeUInt32BE(16 + headersLength + payload.length, 0);
  head.writeUInt32BE(headersLength, 4);
  head.writeUInt32BE(crc32(head.subarray(0, 8)), 8);
  let at = 12;
  for (const header of encoded) at += header.copy(head, at);
  const tail = Buffer.allocUnsafe(4);
  tail.writeUInt32BE(crc32(payload, crc32(head)), 0);
  const parts = [head, asBuffer(payload), tail];
  return payload.length > joinedBytesMax ? parts : [Buffer.concat(parts)];
}

function encodeHeader(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  const header = Buffer.allocUnsafe(4 + key.length + text.length);
  header[0] = key.length;
  key.copy(header, 1);
  header[1 + key.length] = 7;
  header.writeUInt16BE(text.length, 2 + key.length);
  text.copy(header, 4 + key.length);
  return header;
}

/** Events are objects with one key, the event's name; what the stream throws ends it as an exception frame. */
export async function* eventFrames(
  model: ServiceModel,
  union: string,
  events: AsyncIterable<unknown>,
  body: EventBody,
  failure: (error: unknown) => AwsError,
): AsyncGenerator<Buffer> {
  // What is thrown while a frame is out there comes from whoever takes them: nobody listens any more.
  let out = false;
  try {
    for await (const event of events) {
      out = true;
      // No `yield*`: an array has no way to be told of the end.
      for (const part of eventFrame(model, union, event, body)) yield part;
      out = false;
    }
  } catch (thrown) {
    if (out) throw thrown;
    yield exceptionFrame(failure(thrown));
  }
}

function eventFrame(model: ServiceModel, union: string, event: unknown, body: EventBody): Buffer[] {
  const held = event as Readonly<Record<string, unknown>>; // the table's types promise one of the union's members
  const name = Object.keys(held).find((key) => held[key] !== undefined) ?? '';
  const structure = model.structures[union]?.members[name]?.of ?? '';
  const value = (held[name] ?? {}) as Readonly<Record<string, unknown>>;
  const headers: EventHeader[] = [
    [':event-type', name],
    [':message-type', 'event'],
  ];
  for (const [member, type] of Object.entries(model.structures[structure]?.members ?? {})) {
    if (type.event === 'header' && value[member] !== undefined) headers.push([member, String(value[member])]);
    if (type.event !== 'payload') continue;
    const [contentType, payload] = rawPayload(type, value[member], body);
    return frameParts([...headers, [':content-type', contentType]], payload);
  }
  const payload = body.write(structure, value, ({ event: place }) => place === undefined);
  return frameParts([...headers, [':content-type', body.contentType]], payload);
}

function rawPayload({ type, of = '' }: MemberModel, value: unknown, body: EventBody): [string, Uint8Array] {
  if (value === undefined) return ['application/octet-stream', Buffer.alloc(0)];
  if (value instanceof Uint8Array) return ['application/octet-stream', asBuffer(value)];
  if (type === 'structure') return [body.contentType, body.write(of, value, () => true)];
  return ['text/plain', Buffer.from(String(value))];
}

function exceptionFrame({ code, message }: AwsError): Buffer {
  const headers: EventHeader[] = [
    [':exception-type', code],
    [':content-type', 'application/json'],
    [':message-type', 'exception'],
  ];
  return encodeFrame(headers, Buffer.from(JSON.stringify({ message })));
}
