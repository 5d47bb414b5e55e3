import type { Incoming } from './body.ts';
import type { Outgoing } from './respond.ts';

/**
 * Something that people put on the web through this server, under host names or paths of its own: HTTP APIs, function
 * URLs. Its requests are no business of the AWS API, and may come from any web page.
 */
export interface Site {
  /** Whether a request is for it; the path is as sent. */
  owns(host: string | undefined, path: string): boolean;
  /** Answers by itself, whatever happens. */
  handle(request: Incoming, response: Outgoing): void;
}
