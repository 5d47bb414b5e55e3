import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Incoming } from './body.ts';
import type { Outgoing } from './respond.ts';

/**
 * Something that people put on the web through this server, under host names or paths of its own: HTTP APIs, WebSockets.
 * Its requests are no business of the AWS API, and may come from any web page.
 */
export interface Site {
  /** Whether a request is for it; `url` is as sent. */
  owns(headers: IncomingHttpHeaders, url: string): boolean;
  /** Answers by itself, whatever happens. */
  handle(request: Incoming, response: Outgoing): void;
  /** Whether a request that it owns may become a WebSocket; every other is answered as if it had not asked. */
  upgrades?(request: IncomingMessage): boolean;
  /** The connection is the site's from here on. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** No more connections, and an end for those that are open. */
  close?(): void;
}
