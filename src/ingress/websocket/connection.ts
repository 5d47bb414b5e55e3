/** One WebSocket, once it is open: messages in and out, pings, its ends, and how long it may last. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import { closeFrame, FrameReader, frame, type Message, ProtocolViolation } from './frames.ts';

export interface WebSocketOptions {
  readonly socket: Duplex;
  /** What came with the handshake. */
  readonly first: Buffer;
  readonly clock: Clock;
  readonly limits: WebSocketLimits;
  /** Never rejects. */
  message(data: Buffer, binary: boolean): Promise<void>;
  /** Once, whoever ended it. */
  closed(code: number, reason: string): void;
}

export interface WebSocketLimits {
  readonly frameBytesMax: number;
  readonly messageBytesMax: number;
  readonly idleMsMax: number;
  readonly lifeMsMax: number;
  /** Of one connection, under way at once. */
  readonly messagesMax: number;
  /** What a client that does not read may be behind. */
  readonly unsentBytesMax: number;
}

/** For the other side to agree that it is over. */
const closeWaitMsMax = 5_000;

export class WebSocketConnection {
  readonly #options: WebSocketOptions;
  readonly #reader: FrameReader;
  readonly #timers: (() => void)[] = [];
  #lastActiveAt: number;
  #underWay = 0;
  readonly #waiting: { readonly data: Buffer; readonly binary: boolean }[] = [];
  /** Why it ends: the first reason counts. */
  #end: { readonly code: number; readonly reason: string } | undefined;
  #sentClose = false;

  constructor(options: WebSocketOptions) {
    this.#options = options;
    const { socket, first, clock, limits } = options;
    this.#reader = new FrameReader(limits);
    this.#lastActiveAt = clock.now();
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('end', () => socket.end());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#gone());
    this.#watchIdle(limits.idleMsMax);
    this.#timers.push(clock.after(limits.lifeMsMax, () => this.close(1001, 'Going away')));
    if (first.length > 0) this.#read(first);
  }

  get lastActiveAt(): number {
    return this.#lastActiveAt;
  }

  /** False when it is over, or when the client reads too slowly for more. */
  send(data: Buffer, kind: 'text' | 'binary'): boolean {
    const { socket, clock, limits } = this.#options;
    if (this.#end !== undefined || socket.destroyed || socket.writableLength > limits.unsentBytesMax) return false;
    this.#lastActiveAt = clock.now();
    socket.write(frame(kind, data));
    return true;
  }

  close(code: number, reason: string): void {
    const { socket, clock } = this.#options;
    this.#end ??= { code, reason };
    if (this.#sentClose || socket.destroyed) return;
    this.#sentClose = true;
    socket.write(closeFrame(code, reason));
    this.#timers.push(clock.after(closeWaitMsMax, () => socket.destroy()));
    socket.resume();
  }

  #read(bytes: Buffer): void {
    try {
      this.#lastActiveAt = this.#options.clock.now();
      for (const message of this.#reader.push(bytes)) this.#take(message);
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.close(error.code, error.message);
      // What comes after a broken frame means nothing.
      this.#options.socket.removeAllListeners('data').resume();
      this.#options.socket.end();
    }
  }

  #take(message: Message): void {
    const { socket } = this.#options;
    if (message.kind === 'close') {
      const { code, reason } = message;
      this.close(code, reason);
      socket.end();
    } else if (message.kind === 'ping') {
      if (!this.#sentClose && socket.writableLength < this.#options.limits.unsentBytesMax) {
        socket.write(frame('pong', message.data));
      }
    } else if (message.kind !== 'pong' && this.#end === undefined) {
      this.#perform(message.data, message.kind === 'binary');
    }
  }

  /** A client that sends faster than its messages are dealt with waits: no more is read than came with the last bytes. */
  #perform(data: Buffer, binary: boolean): void {
    const { socket, limits, message } = this.#options;
    if (this.#underWay >= limits.messagesMax) {
      this.#waiting.push({ data, binary });
      socket.pause();
      return;
    }
    this.#underWay += 1;
    void message(data, binary).finally(() => {
      this.#underWay -= 1;
      const next = this.#end === undefined ? this.#waiting.shift() : undefined;
      if (next !== undefined) this.#perform(next.data, next.binary);
      else socket.resume();
    });
  }

  #watchIdle(ms: number): void {
    const { clock, limits } = this.#options;
    const cancel = clock.after(ms, () => {
      const left = this.#lastActiveAt + limits.idleMsMax - clock.now();
      if (left <= 0) this.close(1001, 'Going away');
      else this.#watchIdle(left);
    });
    // The one before has fired.
    this.#timers[0] = cancel;
  }

  #gone(): void {
    for (const cancel of this.#timers) cancel();
    const { code, reason } = this.#end ?? { code: 1006, reason: 'Connection reset without a closing handshake' };
    this.#options.closed(code, reason);
  }
}
