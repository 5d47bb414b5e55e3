/** Every WebSocket that is open, by its id. They live in this process: a server that goes takes them with it. */

import type { WebSocketConnection } from '../../websocket/connection.ts';
import type { Exchange } from '../exchange.ts';

export interface OpenConnection {
  /** As it arrived; each message is an exchange of its own. */
  readonly exchange: Exchange;
  readonly socket: WebSocketConnection;
}

const connectionsMax = 10_000;

export class Connections {
  readonly #open = new Map<string, OpenConnection>();

  get isFull(): boolean {
    return this.#open.size >= connectionsMax;
  }

  add(id: string, connection: OpenConnection): void {
    this.#open.set(id, connection);
  }

  get(id: string): OpenConnection | undefined {
    return this.#open.get(id);
  }

  remove(id: string): OpenConnection | undefined {
    const connection = this.#open.get(id);
    this.#open.delete(id);
    return connection;
  }

  all(): readonly OpenConnection[] {
    return [...this.#open.values()];
  }
}
