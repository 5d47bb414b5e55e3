import { PassThrough } from 'node:stream';
import { deferred } from '../../base/deferred.ts';
import type { ResponseSink } from '../environments/streamed-response.ts';
import { streamedBytesMax } from '../model/limits.ts';
import type { InvokeResult, StreamResult } from './door.ts';

/** Beside the channel's window: what a reader may be behind. */
const behindBytesMax = 64 * 1024;

/** From the function's pieces to one body that its caller reads. */
export class ResponseStream implements ResponseSink {
  readonly bytesMax = streamedBytesMax;
  readonly #body = new PassThrough({ readableHighWaterMark: behindBytesMax, writableHighWaterMark: 0 });
  readonly #begun = deferred<string>();

  /** Pieces whose reader has not come to them. */
  readonly #untaken = new Set<() => void>();

  constructor() {
    // When the reader goes away, what comes is thrown away, and the function does not notice.
    this.#body.on('error', () => {});
    this.#body.once('close', () => {
      for (const taken of this.#untaken) taken();
      this.#untaken.clear();
    });
  }

  begin(contentType: string): void {
    this.#begun.resolve(contentType);
  }

  write(bytes: Buffer, taken: () => void): void {
    if (this.#body.destroyed) return taken();
    this.#untaken.add(taken);
    this.#body.write(bytes, () => {
      if (this.#untaken.delete(taken)) taken();
    });
  }

  rest(): Buffer {
    return nothing;
  }

  /** What the caller is told, and when: at the first piece, or at the end where none came. */
  result(ended: Promise<InvokeResult>): Promise<StreamResult> {
    const over = ended.finally(() => this.#body.end());
    const streaming = this.#begun.promise.then(
      (contentType): StreamResult => ({ kind: 'streaming', contentType, body: this.#body, ended: over }),
    );
    return Promise.race([streaming, over]);
  }
}

const nothing = Buffer.alloc(0);
