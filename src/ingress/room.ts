/** How many connections there are, so that silent ones go before there is no place for others. */
import type { Socket } from 'node:net';

/** Of all places; from here on those that do nothing are taken back. */
const fullAt = 0.9;

export class Room {
  readonly #connectionsMax: number;
  #open = 0;

  constructor(connectionsMax: number) {
    this.#connectionsMax = connectionsMax;
  }

  get open(): number {
    return this.#open;
  }

  /** Calls back before the connection gets its place when hardly any are left. */
  taken(socket: Socket, full: () => void): void {
    if (this.#open >= this.#connectionsMax * fullAt) full();
    this.#open += 1;
    socket.once('close', () => {
      this.#open -= 1;
    });
  }
}
