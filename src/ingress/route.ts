import type { Incoming } from './body.ts';
import type { Outgoing } from './respond.ts';

/** A path of our own, beside AWS's. */
export interface Route {
  readonly prefix: string;
  handle(request: Incoming, response: Outgoing, url: URL): void | Promise<void>;
}
