import type { IncomingMessage, ServerResponse } from 'node:http';

/** A path of our own, beside AWS's. */
export interface Route {
  readonly prefix: string;
  handle(request: IncomingMessage, response: ServerResponse, url: URL): void | Promise<void>;
}
