/** A body that its operation reads by itself: the framing goes off and what was promised of it is checked on the way. */
import { createHash, type Hash } from 'node:crypto';
import type { Http2ServerRequest } from 'node:http2';
import { AwsError } from '../aws/errors.ts';
import type { Protocol } from '../aws/model.ts';
import type { RequestBody } from '../aws/operation.ts';
import { ChunkDecoder, ChunkError, type ChunkSigner } from '../aws/sigv4/chunked.ts';
import type { Headers } from '../aws/sigv4/signature.ts';
import type { Clock } from '../base/clock.ts';
import { refused } from '../iam/refusal.ts';
import type { Incoming } from './body.ts';

/** A client that says nothing for so long holds a file and a connection for nothing. */
const silenceMsMax = 60_000;

export interface IncomingBodyOptions {
  readonly request: Incoming;
  readonly headers: Headers;
  readonly protocol: Protocol;
  readonly clock: Clock;
  readonly chunks: ChunkSigner | undefined;
  readonly sha256: string | undefined;
  /** Before the first byte is asked for: some clients wait to be told that it is wanted. */
  wanted(): void;
}

export class IncomingBody implements RequestBody {
  readonly length: number | undefined;
  trailers: Readonly<Record<string, string>> = {};
  readonly #options: IncomingBodyOptions;
  readonly #decoder: ChunkDecoder | undefined;
  readonly #hash: Hash | undefined;
  #seen = 0;

  constructor(options: IncomingBodyOptions) {
    const { headers, chunks, sha256 } = options;
    this.#options = options;
    const framed = headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
    this.#decoder = framed ? new ChunkDecoder(chunks) : undefined;
    this.#hash = sha256 === undefined ? undefined : createHash('sha256');
    this.length = numberOf(framed ? headers['x-amz-decoded-content-length'] : headers['content-length']);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of this.#incoming()) {
        if (this.#decoder === undefined) yield this.#counted(chunk);
        else for (const data of this.#decoder.push(chunk)) yield this.#counted(data);
      }
      this.trailers = this.#decoder?.end() ?? {};
    } catch (error) {
      if (!(error instanceof ChunkError)) throw error;
      throw refused(error.problem === 'mismatch' ? 'mismatch' : 'malformed-chunks', this.#options.protocol);
    }
    this.#checkWhole();
  }

  async *#incoming(): AsyncGenerator<Buffer> {
    const { request, wanted } = this.#options;
    wanted();
    const iterator = chunksOf(request);
    try {
      for (;;) {
        const step = await this.#next(iterator);
        if (step.done) return;
        yield step.value;
      }
    } finally {
      // Left in the middle, the request stays, for its answer is still to be sent; but it must be free to flow again.
      await iterator.return?.();
    }
  }

  async #next(iterator: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
    const { request, clock } = this.#options;
    const stop = clock.after(silenceMsMax, () => request.destroy());
    try {
      return await iterator.next();
    } catch {
      throw brokenOff();
    } finally {
      stop();
    }
  }

  #counted(data: Buffer): Buffer {
    this.#seen += data.length;
    if (this.length !== undefined && this.#seen > this.length) {
      throw refused('malformed-chunks', this.#options.protocol);
    }
    this.#hash?.update(data);
    return data;
  }

  #checkWhole(): void {
    const { protocol, sha256 } = this.#options;
    if (this.length !== undefined && this.#seen !== this.length) throw refused('malformed-chunks', protocol);
    if (this.#hash !== undefined && this.#hash.digest('hex') !== sha256) throw refused('body-mismatch', protocol);
  }
}

/** Both kinds of requests are readable streams; the types of their iterators have no signature in common. */
function chunksOf(request: Incoming): AsyncIterator<Buffer> {
  const readable: Pick<Http2ServerRequest, 'iterator'> = request;
  return readable.iterator({ destroyOnReturn: false });
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Hardly anybody hears it: the connection is gone, or about to be. */
function brokenOff(): AwsError {
  const message =
    'Your socket connection to the server was not read from or written to within the timeout period. Idle connections ' +
    'will be closed.';
  return new AwsError({ code: 'RequestTimeout', message, status: 400 });
}
