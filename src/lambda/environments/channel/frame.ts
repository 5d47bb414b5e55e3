/**
 * Frames between the server and our own bootstraps, on a unix socket:
 *
 *     ┌───────────────┬──────┬─────────────┐
 *     │ u32le length  │ type │ body        │   length counts the type byte and the body
 *     └───────────────┴──────┴─────────────┘
 */

export const frameTypes = {
  // Server → runtime
  assign: 1,
  invoke: 2,
  /** Room for as many bytes more (u32le) of the response that is being streamed. */
  room: 3,
  /** To a runtime that is to be copied: make a copy, which waits; then, let it go. Bodies are JSON. */
  fork: 4,
  release: 5,
  // Runtime → server
  hello: 16,
  ready: 17,
  initError: 18,
  response: 19,
  error: 20,
  /** An error after which the runtime exits. */
  lastError: 21,
  log: 22,
  /** The response comes in pieces; the body is its content type. */
  streamStart: 24,
  streamChunk: 25,
  streamEnd: 26,
  /** There is a copy, and it waits; the body is its process id in decimal. */
  forked: 27,
  /** The function is loaded, and cannot be copied; the body says why. */
  unfit: 28,
} as const;

export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

/** What a runtime may stream before it has to wait for `room`. Known to both sides. */
export const streamWindowBytes = 256 * 1024;

const headerBytes = 5;

/** What the reader does with a frame whose header has arrived. */
export type Verdict = 'take' | 'discard' | 'refuse';

export interface FrameHandler {
  /** Decides by type and size before any of the body is kept. */
  judge(type: number, bytes: number): Verdict;
  frame(type: number, body: Buffer): void;
  /** A body that was to be discarded has passed by. */
  discarded(type: number, bytes: number): void;
}

/** Cuts a stream of chunks into frames. A body in one chunk is not copied; a larger one is copied once. */
export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #header = Buffer.alloc(headerBytes);
  #headerFilled = 0;
  #body: Buffer | undefined;
  #bodyFilled = 0;
  #discardLeft = 0;
  #discardBytes = 0;
  #refused = false;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#refused) {
      if (this.#discardLeft > 0) at += this.#discard(chunk.length - at);
      else if (this.#body !== undefined) at += this.#fill(this.#body, chunk, at);
      else at += this.#begin(chunk, at);
    }
  }

  /** Reads a header, and the whole frame where the chunk holds it; returns the bytes used. */
  #begin(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.#header, this.#headerFilled, at, at + headerBytes - this.#headerFilled);
    this.#headerFilled += copied;
    if (this.#headerFilled < headerBytes) return copied;
    this.#headerFilled = 0;
    const length = this.#header.readUInt32LE(0);
    const type = this.#header.readUInt8(4);
    const verdict = length === 0 ? 'refuse' : this.#handler.judge(type, length - 1);
    if (verdict === 'refuse') this.#refused = true;
    else if (verdict === 'discard') this.#startDiscarding(length - 1);
    else return copied + this.#take(length - 1, chunk, at + copied);
    return copied;
  }

  #take(bytes: number, chunk: Buffer, at: number): number {
    if (chunk.length - at >= bytes) {
      this.#handler.frame(this.#header.readUInt8(4), chunk.subarray(at, at + bytes));
      return bytes;
    }
    this.#body = Buffer.allocUnsafe(bytes);
    this.#bodyFilled = 0;
    return 0;
  }

  #fill(body: Buffer, chunk: Buffer, at: number): number {
    const copied = chunk.copy(body, this.#bodyFilled, at);
    this.#bodyFilled += copied;
    if (this.#bodyFilled === body.length) {
      this.#body = undefined;
      this.#handler.frame(this.#header.readUInt8(4), body);
    }
    return copied;
  }

  #startDiscarding(bytes: number): void {
    this.#discardLeft = bytes;
    this.#discardBytes = bytes;
  }

  #discard(available: number): number {
    const passed = Math.min(available, this.#discardLeft);
    this.#discardLeft -= passed;
    if (this.#discardLeft === 0) this.#handler.discarded(this.#header.readUInt8(4), this.#discardBytes);
    return passed;
  }
}

/** A header and the parts of a body in one buffer, for one write. */
export function encodeFrame(type: FrameType, ...parts: readonly Buffer[]): Buffer {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const frame = Buffer.allocUnsafe(headerBytes + bytes);
  frame.writeUInt32LE(bytes + 1, 0);
  frame.writeUInt8(type, 4);
  let at = headerBytes;
  for (const part of parts) at += part.copy(frame, at);
  return frame;
}

/** Of an event: u32le length of its header, the header (JSON), the payload. */
export function encodeInvoke(header: string, payload: Buffer): Buffer {
  const headerLength = Buffer.byteLength(header);
  const frame = Buffer.allocUnsafe(headerBytes + 4 + headerLength + payload.length);
  frame.writeUInt32LE(frame.length - 4, 0);
  frame.writeUInt8(frameTypes.invoke, 4);
  frame.writeUInt32LE(headerLength, headerBytes);
  frame.write(header, headerBytes + 4);
  frame.set(payload, headerBytes + 4 + headerLength);
  return frame;
}
