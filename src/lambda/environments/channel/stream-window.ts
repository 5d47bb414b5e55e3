import { streamWindowBytes } from './frame.ts';

/** Told in one frame rather than after each chunk. */
const grantBytesMin = streamWindowBytes / 2;

/**
 * How much of a streamed response may be under way: what its reader has not taken yet is never more than one window.
 * Logs share the socket, so it cannot just stop being read.
 */
export class StreamWindow {
  readonly #grant: (bytes: number) => void;
  #room = streamWindowBytes;
  #ungranted = 0;

  constructor(grant: (bytes: number) => void) {
    this.#grant = grant;
  }

  /** False when the runtime sends more than it was given room for. */
  take(bytes: number): boolean {
    if (bytes > this.#room) return false;
    this.#room -= bytes;
    return true;
  }

  taken(bytes: number): void {
    this.#ungranted += bytes;
    if (this.#ungranted < grantBytesMin) return;
    this.#room += this.#ungranted;
    this.#grant(this.#ungranted);
    this.#ungranted = 0;
  }
}
