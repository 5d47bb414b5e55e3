import type { Socket } from 'node:net';
import { syncPayloadBytesMax } from '../../model/limits.ts';
import type { Assignment, Invocation, RuntimeLink, RuntimeListener } from '../link.ts';
import {
  encodeFrame,
  encodeInvoke,
  type FrameHandler,
  FrameReader,
  frameTypes,
  streamWindowBytes,
  type Verdict,
} from './frame.ts';
import { StreamWindow } from './stream-window.ts';

/** An answer that is too long is read to its end, so that its length can be told, unless it is absurd. */
const discardedBytesMax = 256 * 1024 * 1024;
const errorBytesMax = 1024 * 1024;
const logBytesMax = 1024 * 1024 + 8;

/** The most a frame of each type may carry; what is not listed is refused. */
const bytesMax: Readonly<Record<number, number>> = {
  [frameTypes.hello]: 64,
  [frameTypes.ready]: 64,
  [frameTypes.initError]: errorBytesMax,
  [frameTypes.response]: syncPayloadBytesMax,
  [frameTypes.error]: errorBytesMax,
  [frameTypes.lastError]: errorBytesMax,
  [frameTypes.log]: logBytesMax,
  [frameTypes.streamStart]: 1024,
  [frameTypes.streamChunk]: streamWindowBytes,
  [frameTypes.streamEnd]: 0,
};

/** How far a runtime has come; it shares its process with the function's code, so its word is checked. */
type Progress = 'connected' | 'greeted' | 'initialising' | 'idle' | 'busy' | 'streaming' | 'over';

export function createFramedLink(socket: Socket, listener: RuntimeListener): RuntimeLink {
  return new FramedLink(socket, listener);
}

class FramedLink implements RuntimeLink, FrameHandler {
  readonly #socket: Socket;
  readonly #listener: RuntimeListener;
  #progress: Progress = 'connected';
  #window: StreamWindow | undefined;

  constructor(socket: Socket, listener: RuntimeListener) {
    this.#socket = socket;
    this.#listener = listener;
    const reader = new FrameReader(this);
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  assign(assignment: Assignment): void {
    if (this.#progress === 'greeted') this.#progress = 'initialising';
    this.#socket.write(encodeFrame(frameTypes.assign, Buffer.from(JSON.stringify(assignment))));
  }

  invoke(invocation: Invocation): void {
    const { requestId, deadlineMs, invokedArn, traceHeader, clientContext, cognitoIdentity, payload } = invocation;
    this.#progress = 'busy';
    const header = { requestId, deadlineMs, invokedArn, traceHeader, clientContext, cognitoIdentity };
    this.#socket.write(encodeInvoke(JSON.stringify(header), payload));
  }

  close(): void {
    this.#progress = 'over';
    this.#socket.destroy();
  }

  judge(type: number, bytes: number): Verdict {
    const most = bytesMax[type];
    if (most === undefined) return this.#refuse(`a frame of unknown type ${type}`);
    if (type === frameTypes.streamChunk && !this.#window?.take(bytes)) {
      return this.#refuse(`${bytes} bytes of a stream that had no room for them`);
    }
    if (bytes <= most) return 'take';
    if (type === frameTypes.response && this.#progress === 'busy' && bytes <= discardedBytesMax) return 'discard';
    return this.#refuse(`a frame of type ${type} with ${bytes} bytes`);
  }

  discarded(_type: number, bytes: number): void {
    if (this.#step('busy', 'idle')) this.#listener({ type: 'response-too-large', bytes });
  }

  frame(type: number, body: Buffer): void {
    if (type === frameTypes.log) this.#log(body);
    else if (type === frameTypes.response && this.#step('busy', 'idle')) {
      this.#listener({ type: 'response', payload: body });
    } else if (type === frameTypes.error && this.#step(this.#running(), 'idle')) {
      this.#listener({ type: 'error', ...errorOf(body) });
    } else if (type === frameTypes.lastError && this.#step(this.#running(), 'over')) {
      this.#listener({ type: 'error', ...errorOf(body), fatal: true });
    } else if (type >= frameTypes.streamStart) this.#stream(type, body);
    else if (type === frameTypes.hello && this.#step('connected', 'greeted')) this.#listener({ type: 'hello' });
    else if (type === frameTypes.ready && this.#step('initialising', 'idle')) this.#listener({ type: 'ready' });
    else if (type === frameTypes.initError && this.#step('initialising', 'over')) {
      this.#listener({ type: 'init-error', ...errorOf(body) });
    }
  }

  #stream(type: number, body: Buffer): void {
    if (type === frameTypes.streamStart && this.#step('busy', 'streaming')) {
      const window = new StreamWindow((bytes) => this.#grant(window, bytes));
      this.#window = window;
      this.#listener({ type: 'stream-start', contentType: body.toString('latin1') });
    } else if (type === frameTypes.streamChunk && this.#step('streaming', 'streaming')) {
      const window = this.#window;
      this.#listener({ type: 'stream-chunk', bytes: body, taken: () => window?.taken(body.length) });
    } else if (type === frameTypes.streamEnd && this.#step('streaming', 'idle')) {
      this.#listener({ type: 'stream-end' });
    }
  }

  /** What was left of an earlier response, and is taken now, makes no room for this one. */
  #grant(window: StreamWindow, bytes: number): void {
    if (this.#progress !== 'streaming' || this.#window !== window) return;
    const room = Buffer.allocUnsafe(4);
    room.writeUInt32LE(bytes, 0);
    this.#socket.write(encodeFrame(frameTypes.room, room));
  }

  /** What fails may have begun to stream its answer. */
  #running(): Progress {
    return this.#progress === 'streaming' ? 'streaming' : 'busy';
  }

  #log(body: Buffer): void {
    if (body.length < 8) return void this.#refuse('a log frame without a time');
    const timestamp = Number(body.readBigInt64LE(0));
    this.#listener({ type: 'log', timestamp, message: body.toString('utf8', 8) });
  }

  #step(from: Progress, to: Progress): boolean {
    // After a timeout the answer may still come; by then the link is over and nobody listens.
    if (this.#progress === 'over') return false;
    if (this.#progress !== from) {
      this.#refuse(`what only a runtime that is ${from} may say, while it was ${this.#progress}`);
      return false;
    }
    this.#progress = to;
    return true;
  }

  #refuse(why: string): 'refuse' {
    if (this.#progress === 'over') return 'refuse';
    this.#progress = 'over';
    this.#listener({ type: 'violation', why: `The runtime sent ${why}` });
    this.#socket.destroy();
    return 'refuse';
  }

  #closed(): void {
    if (this.#progress !== 'over') this.#listener({ type: 'closed' });
    this.#progress = 'over';
  }
}

/** An error's body is u8 length of its type, the type, and the JSON that the caller sees. */
function errorOf(body: Buffer): { body: Buffer; errorType: string } {
  const length = body.length > 0 ? body.readUInt8(0) : 0;
  return { errorType: body.toString('utf8', 1, 1 + length), body: body.subarray(1 + length) };
}
