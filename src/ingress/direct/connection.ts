/**
 * A connection as long as all that it brings are plain Invokes, each whole in one piece or two, which is how clients send
 * them: such a request costs here a third of what it costs in `node:http`. With the first that is anything else the
 * connection goes to `node:http`, bytes and all, and stays there.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { DirectAnswer } from './answer.ts';
import { type InvokeHead, invokeHead } from './head.ts';

export interface DirectRequest {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: 1;
  readonly socket: Socket;
  readonly body: Buffer;
}

export interface DirectOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  /** Without a request. */
  readonly idleMsMax: number;
  /** Whether connections end with the answer that is under way. */
  isDraining(): boolean;
  /** Whether an Invoke is for this server's AWS API and may come in. */
  admits(head: InvokeHead): boolean;
  /** Answers by itself, whatever happens. */
  serve(request: DirectRequest, answer: DirectAnswer): void;
  /** The connection is for `node:http` from here on; what was read of it has been put back. */
  handOver(): void;
  /** The client ended in the middle of a request. */
  brokenOff(): void;
  closed(): void;
}

/** Clients that send head and body by two calls send them at once; with whoever does not, `node:http` has patience. */
const restMsMax = 1_000;

export class DirectConnection {
  readonly #options: DirectOptions;
  readonly #socket: Socket;
  #answer: DirectAnswer | undefined;
  /** Read and not served: the beginning of a request, or what came while one was under way. */
  #held: Buffer | undefined;
  /** Set while the rest of a body is waited for. */
  #cancelWait: (() => void) | undefined;

  constructor(options: DirectOptions) {
    this.#options = options;
    this.#socket = options.socket;
    const { idleMsMax } = options;
    this.#socket.setTimeout(idleMsMax);
    for (const [event, listener] of this.#listeners) this.#socket.on(event, listener);
  }

  /** Ends the connection, at once or with the answer that is under way. */
  drain(): void {
    if (this.#answer === undefined) this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  readonly #listeners: readonly (readonly [event: string, listener: (chunk: Buffer) => void])[] = [
    ['data', (chunk) => this.#data(chunk)],
    ['end', () => this.#ended()],
    ['timeout', () => this.#idle()],
    ['error', () => {}],
    ['close', () => this.#closed()],
  ];

  #data(chunk: Buffer): void {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    if (this.#answer === undefined) return this.#read(bytes);
    this.#held = bytes;
    this.#socket.pause();
  }

  #read(bytes: Buffer): void {
    const head = invokeHead(bytes);
    if (head === undefined || bytes.length > head.end) return this.#handOver(bytes);
    if (bytes.length < head.end) return this.#waitForRest(bytes);
    this.#stopWaiting();
    if (!this.#options.admits(head)) return this.#handOver(bytes);
    this.#serve(head, bytes.subarray(head.bodyStart));
  }

  /** Once: a body in three pieces is no longer what is quick here. */
  #waitForRest(bytes: Buffer): void {
    if (this.#cancelWait !== undefined) return this.#handOver(bytes);
    this.#held = bytes;
    this.#cancelWait = this.#options.clock.after(restMsMax, () => this.#handOver(bytes));
  }

  #stopWaiting(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }

  #serve({ url, headers }: InvokeHead, body: Buffer): void {
    const { clock, idleMsMax, isDraining, serve } = this.#options;
    const socket = this.#socket;
    const answer = new DirectAnswer({ socket, clock, idleMsMax, isLast: isDraining, done: () => this.#answered() });
    this.#answer = answer;
    serve({ method: 'POST', url, headers, httpVersionMajor: 1, socket, body }, answer);
  }

  #answered(): void {
    this.#answer = undefined;
    if (this.#options.isDraining()) return void this.#socket.end();
    const next = this.#held;
    if (next === undefined) return;
    this.#held = undefined;
    this.#socket.resume();
    this.#read(next);
  }

  /** As node:http does with a client that has nothing more to say. */
  #ended(): void {
    const broken = this.#cancelWait !== undefined;
    this.#stopWaiting();
    this.#held = undefined;
    if (broken) this.#options.brokenOff();
    else this.#socket.end();
  }

  /** Or with an answer that its client does not read. */
  #idle(): void {
    if (this.#answer?.headersSent !== false) this.#socket.destroy();
  }

  #closed(): void {
    this.#stopWaiting();
    this.#held = undefined;
    this.#options.closed();
    this.#answer?.gone();
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    this.#stopWaiting();
    for (const [event, listener] of this.#listeners) socket.off(event, listener);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(bytes);
    this.#options.closed();
    this.#options.handOver();
    socket.resume();
  }
}
