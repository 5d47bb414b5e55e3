import type { Socket } from 'node:net';
import type { Clock } from '../../../base/clock.ts';
import { within } from '../../../base/deadline.ts';
import { encodeFrame, type FrameHandler, FrameReader, frameTypes, type Verdict } from '../channel/frame.ts';
import type { Assignment } from '../link.ts';
import type { CopyPlaces } from '../sandbox/sandbox.ts';

/** What a runtime that is to be copied says. Its word is checked as any runtime's: it shares its process with the function. */
export type Said =
  | { readonly type: 'hello' | 'ready' }
  /** The number of the copy, as the template counts. */
  | { readonly type: 'forked'; readonly pid: number }
  | { readonly type: 'unfit'; readonly why: string }
  | { readonly type: 'failed'; readonly errorType: string; readonly message: string };

export interface ForkOrder extends CopyPlaces {
  readonly id: string;
  /** Where the runtime that is copied has its `/tmp`. */
  readonly tmpBefore: string;
}

/** The most a frame of each type may carry; what is not listed ends the conversation. */
const bytesMax: Readonly<Record<number, number>> = {
  [frameTypes.hello]: 64,
  [frameTypes.ready]: 64,
  [frameTypes.forked]: 64,
  [frameTypes.unfit]: 1_024,
  [frameTypes.initError]: 1 << 20,
  [frameTypes.log]: (1 << 20) + 8,
};

export class TemplateLink implements FrameHandler {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #log: (message: string, timestamp: number) => void;
  #said: Said[] = [];
  #waiting: ((said: Said | undefined) => void) | undefined;
  #closed = false;

  constructor(socket: Socket, clock: Clock, log: (message: string, timestamp: number) => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#log = log;
    const reader = new FrameReader(this);
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.on('error', () => {});
    socket.once('close', () => this.#end());
  }

  /** Asks to load the function, and to stop there. */
  initialise(assignment: Assignment): void {
    this.#send(frameTypes.assign, { ...assignment, snapshot: true });
  }

  fork(order: ForkOrder): void {
    this.#send(frameTypes.fork, order);
  }

  /** `go`: the copy may live. */
  release(id: string, go: boolean): void {
    this.#send(frameTypes.release, { id, go });
  }

  /** The next thing said; undefined when the conversation is over. Rejects when it does not come in time. */
  async next(waitMs: number): Promise<Said | undefined> {
    const said = this.#said.shift();
    if (said !== undefined || this.#closed) return said;
    const coming = new Promise<Said | undefined>((resolve) => {
      this.#waiting = resolve;
    });
    return within(this.#clock, waitMs, coming, 'The runtime did not answer in time');
  }

  close(): void {
    this.#socket.destroy();
    this.#end();
  }

  judge(type: number, bytes: number): Verdict {
    if (bytes <= (bytesMax[type] ?? -1)) return 'take';
    this.close();
    return 'refuse';
  }

  discarded(): void {}

  frame(type: number, body: Buffer): void {
    if (type === frameTypes.log) return this.#heardLog(body);
    if (type === frameTypes.hello) this.#heard({ type: 'hello' });
    else if (type === frameTypes.ready) this.#heard({ type: 'ready' });
    else if (type === frameTypes.forked) this.#heard({ type: 'forked', pid: Number(body.toString('latin1')) });
    else if (type === frameTypes.unfit) this.#heard({ type: 'unfit', why: body.toString() });
    else if (type === frameTypes.initError) this.#heard(failureOf(body));
  }

  #send(type: typeof frameTypes.assign | typeof frameTypes.fork | typeof frameTypes.release, body: object): void {
    this.#socket.write(encodeFrame(type, Buffer.from(JSON.stringify(body))));
  }

  #heardLog(body: Buffer): void {
    if (body.length < 8) return this.close();
    this.#log(body.toString('utf8', 8), Number(body.readBigInt64LE(0)));
  }

  /** It says one thing when it is asked one: more would only fill this server's memory. */
  #heard(said: Said): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) waiting(said);
    else if (this.#said.length === 0) this.#said.push(said);
    else this.close();
  }

  #end(): void {
    this.#closed = true;
    this.#waiting?.(undefined);
    this.#waiting = undefined;
  }
}

/** An error's body is u8 length of its type, the type, and JSON. */
function failureOf(body: Buffer): Said {
  const length = body.length > 0 ? body.readUInt8(0) : 0;
  const errorType = body.toString('utf8', 1, 1 + length);
  return { type: 'failed', errorType, message: messageIn(body.toString('utf8', 1 + length)) };
}

function messageIn(text: string): string {
  try {
    const said: unknown = JSON.parse(text);
    const message = typeof said === 'object' && said !== null && 'errorMessage' in said ? said.errorMessage : undefined;
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}
