/**
 * RFC 6455 from a client's side of the wire to messages. A frame is never larger in memory than it may be, whatever its
 * head says; what breaks the protocol is thrown, with the code that the connection is closed with.
 *
 *   FIN RSV×3 opcode×4 │ MASK length×7 │ 0, 2 or 8 bytes of length │ 4 bytes of mask │ payload
 */
import { isUtf8 } from 'node:buffer';

export type Message =
  | { readonly kind: 'text' | 'binary' | 'ping' | 'pong'; readonly data: Buffer }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

export interface FrameLimits {
  readonly frameBytesMax: number;
  readonly messageBytesMax: number;
}

export class ProtocolViolation extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const control = 8;
/** Of a message, kept apart. */
const partsMax = 256;

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly mask: Buffer;
  readonly payload: Buffer;
  filled: number;
}

export class FrameReader {
  readonly #limits: FrameLimits;
  /** Of the frame that begins: at most fourteen bytes. */
  #head = Buffer.alloc(0);
  #frame: Frame | undefined;
  /** Of the message that is under way, whose last frame is still to come. */
  #begun: { readonly opcode: number; parts: Buffer[]; bytes: number } | undefined;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Messages that are complete with these bytes. */
  *push(bytes: Buffer): Generator<Message> {
    let at = 0;
    // A frame without a payload is complete with its head.
    while (at < bytes.length || this.#isComplete()) {
      if (this.#frame === undefined) at += this.#takeHead(bytes.subarray(at));
      else at += this.#takePayload(this.#frame, bytes.subarray(at));
      if (!this.#isComplete() || this.#frame === undefined) continue;
      const frame = this.#frame;
      this.#frame = undefined;
      const message = this.#message(frame);
      if (message !== undefined) yield message;
    }
  }

  #isComplete(): boolean {
    return this.#frame !== undefined && this.#frame.filled === this.#frame.payload.length;
  }

  #takeHead(bytes: Buffer): number {
    const before = this.#head.length;
    const head = Buffer.concat([this.#head, bytes.subarray(0, 14 - before)]);
    const length = headLength(head);
    if (length === undefined || head.length < length) {
      this.#head = head;
      return head.length - before;
    }
    this.#head = Buffer.alloc(0);
    this.#frame = this.#begin(head.subarray(0, length));
    return length - before;
  }

  #begin(head: Buffer): Frame {
    const [first = 0, second = 0] = head;
    const opcode = first & 0x0f;
    const final = (first & 0x80) !== 0;
    if ((first & 0x70) !== 0) throw new ProtocolViolation(1002, 'Reserved bits are set');
    if ((second & 0x80) === 0) throw new ProtocolViolation(1002, 'A frame of a client is not masked');
    const size = payloadLength(head);
    if (opcode >= control) checkControl(opcode, final, size);
    else this.#checkData(opcode, size);
    return { final, opcode, mask: Buffer.from(head.subarray(-4)), payload: Buffer.alloc(size), filled: 0 };
  }

  #checkData(opcode: number, size: number): void {
    const { frameBytesMax, messageBytesMax } = this.#limits;
    if (opcode > opcodes.binary) throw new ProtocolViolation(1002, 'An opcode is unknown');
    const continues = opcode === opcodes.continuation;
    if (continues !== (this.#begun !== undefined)) throw new ProtocolViolation(1002, 'A fragment is out of order');
    if (size > frameBytesMax) throw new ProtocolViolation(1009, 'A frame is too large');
    if (size + (this.#begun?.bytes ?? 0) > messageBytesMax) throw new ProtocolViolation(1009, 'A message is too large');
  }

  #takePayload(frame: Frame, bytes: Buffer): number {
    const { payload, mask, filled } = frame;
    const taken = Math.min(bytes.length, payload.length - filled);
    for (let n = 0; n < taken; n += 1) {
      payload[filled + n] = (bytes[n] ?? 0) ^ (mask[(filled + n) % 4] ?? 0);
    }
    frame.filled += taken;
    return taken;
  }

  #message({ opcode, final, payload }: Frame): Message | undefined {
    if (opcode === opcodes.close) return closeMessage(payload);
    if (opcode === opcodes.ping || opcode === opcodes.pong) {
      return { kind: opcode === opcodes.ping ? 'ping' : 'pong', data: payload };
    }
    const begun = this.#begun ?? { opcode, parts: [], bytes: 0 };
    // Any number of empty fragments takes no memory, and any number of small ones little more than their bytes.
    if (payload.length > 0) begun.parts.push(payload);
    if (begun.parts.length >= partsMax) begun.parts = [Buffer.concat(begun.parts)];
    begun.bytes += payload.length;
    this.#begun = final ? undefined : begun;
    return final ? whole(begun.opcode, begun.parts) : undefined;
  }
}

/** Undefined while too little of it is there to know. */
function headLength(head: Buffer): number | undefined {
  const second = head[1];
  if (second === undefined) return undefined;
  const size = second & 0x7f;
  return 2 + (size === 127 ? 8 : size === 126 ? 2 : 0) + ((second & 0x80) === 0 ? 0 : 4);
}

function payloadLength(head: Buffer): number {
  const size = (head[1] ?? 0) & 0x7f;
  if (size < 126) return size;
  if (size === 126) return head.readUInt16BE(2);
  const large = head.readBigUInt64BE(2);
  // Far more than any limit, and still a number.
  return large > 0xffff_ffffn ? 0xffff_ffff : Number(large);
}

function checkControl(opcode: number, final: boolean, size: number): void {
  if (opcode > opcodes.pong) throw new ProtocolViolation(1002, 'An opcode is unknown');
  if (!final || size > 125) throw new ProtocolViolation(1002, 'A control frame is too large or in pieces');
}

function whole(opcode: number, parts: readonly Buffer[]): Message {
  const [only] = parts;
  const data = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  if (opcode === opcodes.binary) return { kind: 'binary', data };
  if (!isUtf8(data)) throw new ProtocolViolation(1007, 'A text is not UTF-8');
  return { kind: 'text', data };
}

function closeMessage(payload: Buffer): Message {
  if (payload.length === 0) return { kind: 'close', code: 1005, reason: '' };
  const code = payload.length < 2 ? 0 : payload.readUInt16BE(0);
  const known = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
  const reason = payload.subarray(2);
  if (!known || !isUtf8(reason)) throw new ProtocolViolation(1002, 'A close frame is not valid');
  return { kind: 'close', code, reason: reason.toString() };
}

/** A frame as servers send them: whole and without a mask. */
export function frame(kind: Exclude<keyof typeof opcodes, 'continuation'>, payload: Buffer): Buffer {
  const size = payload.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcodes[kind];
  head[1] = size < 126 ? size : size < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(size, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, payload]);
}

export function closeFrame(code: number, reason = ''): Buffer {
  // 1005 says that there was no code, and is never sent.
  if (code === 1005) return frame('close', Buffer.alloc(0));
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return frame('close', Buffer.concat([payload, Buffer.from(reason).subarray(0, 123)]));
}
