/**
 * Clients may send the next request before the last is answered, and what they send then may be nothing that Node.js
 * understands. The refusal comes behind the answers that are due before it, or somebody would take it for one of them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

interface Latest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Of the request before, which was not answered when this one came. */
  readonly before: ServerResponse | undefined;
}

export class Pipelines {
  readonly #latest = new WeakMap<object, Latest>();

  begun(request: IncomingMessage, response: ServerResponse): void {
    const last = this.#latest.get(request.socket)?.response;
    const before = last?.writableFinished === false ? last : undefined;
    this.#latest.set(request.socket, { request, response, before });
  }

  /** Calls back when it is the turn of what came after, or of a request whose body has broken off, unless it never is. */
  turn(socket: Duplex, callback: () => void): void {
    const latest = this.#latest.get(socket);
    if (latest === undefined) return callback();
    const due = latest.request.complete ? latest.response : latest.before;
    if (due !== undefined && !due.writableFinished) due.once('finish', callback);
    else if (!latest.request.complete && latest.response.headersSent) socket.destroy();
    else callback();
  }
}
