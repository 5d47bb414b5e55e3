import type { Ending } from './outcome.ts';

/** Who takes what a function streams. */
export interface ResponseSink {
  readonly bytesMax: number;
  begin(contentType: string): void;
  /** Calls `taken` once there is room for more. */
  write(bytes: Buffer, taken: () => void): void;
  /** What is left to answer when the stream has ended. */
  rest(): Buffer;
}

/** A response that comes in pieces, and no more of it than its reader takes. */
export class StreamedResponse {
  readonly #sink: ResponseSink;
  #bytes = 0;

  constructor(sink: ResponseSink, contentType: string) {
    this.#sink = sink;
    sink.begin(contentType);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What goes beyond the limit passes by: the function may end in its own way. */
  write(bytes: Buffer, taken: () => void): void {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#sink.bytesMax) taken();
    else this.#sink.write(bytes, taken);
  }

  ending(): Ending {
    const { bytesMax } = this.#sink;
    if (this.#bytes > bytesMax) return { kind: 'response-too-large', bytesMax };
    return { kind: 'response', payload: this.#sink.rest() };
  }
}

/** For a caller who wants the whole: Invoke of a function that streams. */
export class CollectedResponse implements ResponseSink {
  readonly bytesMax: number;
  readonly #pieces: Buffer[] = [];

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  begin(): void {}

  write(bytes: Buffer, taken: () => void): void {
    this.#pieces.push(bytes);
    taken();
  }

  rest(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}
