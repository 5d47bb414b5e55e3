/** Counts what an event stream carries as it passes by, without keeping it: a response is as large as memory. */

const preludeBytes = 12;
/** The prelude, and the checksum at the end. */
const frameBytes = preludeBytes + 4;

export class EventStreamCounter {
  #prelude = Buffer.alloc(0);
  #left = 0;
  /** Of all messages, the last one's with them. */
  payloadBytes = 0;
  messages = 0;
  /** Of the message that came last, which says how it ended. */
  lastPayloadBytes = 0;

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left === 0) at += this.#begin(chunk, at);
      else {
        const passed = Math.min(this.#left, chunk.length - at);
        this.#left -= passed;
        at += passed;
      }
    }
  }

  get complete(): boolean {
    return this.#left === 0 && this.#prelude.length === 0;
  }

  #begin(chunk: Buffer, at: number): number {
    const taken = chunk.subarray(at, at + preludeBytes - this.#prelude.length);
    this.#prelude = Buffer.concat([this.#prelude, taken]);
    if (this.#prelude.length < preludeBytes) return taken.length;
    const [total, headers] = [this.#prelude.readUInt32BE(0), this.#prelude.readUInt32BE(4)];
    this.#prelude = Buffer.alloc(0);
    this.#left = total - preludeBytes;
    this.lastPayloadBytes = total - headers - frameBytes;
    this.payloadBytes += this.lastPayloadBytes;
    this.messages += 1;
    return taken.length;
  }
}
