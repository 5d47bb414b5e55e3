/** The answer to a request that `node:http` did not read, byte for byte as it would write it. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { invariant } from '../../base/invariant.ts';

export interface DirectAnswerOptions {
  readonly socket: Socket;
  readonly clock: Clock;
  readonly idleMsMax: number;
  /** Asked when the answer goes out: whether the connection ends with it. */
  isLast(): boolean;
  /** It is out, or will never be. */
  done(): void;
}

/** Up to here, copying a body behind its head is quicker than handing the system two pieces. */
const joinedBytesMax = 4096;

export class DirectAnswer {
  readonly req: { readonly socket: Socket };
  readonly socket: Socket;
  headersSent = false;
  readonly #options: DirectAnswerOptions;
  #whenClosed: (() => void)[] | undefined;
  #over = false;

  constructor(options: DirectAnswerOptions) {
    this.#options = options;
    this.socket = options.socket;
    this.req = options;
  }

  get writableEnded(): boolean {
    return this.headersSent;
  }

  get destroyed(): boolean {
    return this.socket.destroyed;
  }

  /** The connection is gone, or the answer is out. */
  once(_event: 'close', listener: () => void): void {
    this.#whenClosed ??= [];
    this.#whenClosed.push(listener);
  }

  send(status: number, head: readonly string[], body: string | Uint8Array): void {
    invariant(!this.headersSent, 'a request is answered once');
    const text = this.#headOf(status, head);
    this.headersSent = true;
    if (this.destroyed) return;
    if (this.#write(text, body)) this.gone();
    else this.socket.once('drain', () => this.gone());
  }

  /** Nobody is there any more. */
  destroy(): void {
    this.socket.destroy();
  }

  gone(): void {
    if (this.#over) return;
    this.#over = true;
    for (const listener of this.#whenClosed ?? []) listener();
    this.#options.done();
  }

  #write(head: string, body: string | Uint8Array): boolean {
    const { socket } = this;
    if (typeof body === 'string') return socket.write(head + body);
    if (body.length <= joinedBytesMax) {
      // Latin-1 carries every byte as it is.
      return socket.write(head + Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
    }
    socket.cork();
    socket.write(head, 'latin1');
    const goesOn = socket.write(body);
    socket.uncork();
    return goesOn;
  }

  #headOf(status: number, head: readonly string[]): string {
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
    for (let index = 0; index < head.length; index += 2) text += headerOf(head[index] ?? '', head[index + 1] ?? '');
    const { clock, idleMsMax } = this.#options;
    text += `Date: ${httpDate(clock.now())}\r\n`;
    if (this.#options.isLast()) return `${text}Connection: close\r\n\r\n`;
    return `${text}Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(idleMsMax / 1000)}\r\n\r\n`;
  }
}

const impossible = /[^\t\x20-\x7e\x80-\xff]/;

/** What has a line break would be two headers, or a body. */
function headerOf(name: string, value: string): string {
  invariant(!impossible.test(value), `what the header ${name} says can stand in a header`);
  return `${name}: ${value}\r\n`;
}

let told = { second: -1, date: '' };

function httpDate(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== told.second) told = { second, date: new Date(now).toUTCString() };
  return told.date;
}
