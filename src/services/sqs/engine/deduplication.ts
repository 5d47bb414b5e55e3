import type { DeduplicationRow } from '../../../store/sqs/messages.ts';

export const deduplicationMs = 5 * 60_000;

/** What the first sender of an identity was answered; `written` settles with its write. */
export interface FirstSend {
  readonly messageId: string;
  readonly sequence: number;
  readonly expiresAt: number;
  readonly written: Promise<void>;
}

/** Who sends the same again within five minutes is answered as the first was, and nothing is kept. */
export class Deduplication {
  /** In the order in which they expire. */
  readonly #sends = new Map<string, FirstSend>();

  restore({ queue, scope, id, messageId, sequence, expiresAt }: DeduplicationRow): void {
    this.#sends.set(keyOf(queue, scope, id), { messageId, sequence, expiresAt, written: Promise.resolve() });
  }

  find(queue: number, scope: string, id: string, now: number): FirstSend | undefined {
    const found = this.#sends.get(keyOf(queue, scope, id));
    return found === undefined || found.expiresAt <= now ? undefined : found;
  }

  add({ queue, scope, id, messageId, sequence, expiresAt }: DeduplicationRow, written: Promise<void>): void {
    const key = keyOf(queue, scope, id);
    this.#sends.delete(key);
    const send = { messageId, sequence, expiresAt, written };
    this.#sends.set(key, send);
    // What was not written was not sent.
    written.catch(() => {
      if (this.#sends.get(key) === send) this.#sends.delete(key);
    });
  }

  forget(now: number): void {
    for (const [key, { expiresAt }] of this.#sends) {
      if (expiresAt > now) break;
      this.#sends.delete(key);
    }
  }
}

function keyOf(queue: number, scope: string, id: string): string {
  return `${queue}\n${scope}\n${id}`;
}
