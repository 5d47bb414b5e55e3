/** Numbers that grow for ever, whatever was deleted and however often the server started: microseconds, or one more. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';

export class Sequences {
  readonly #clock: Clock;
  readonly #random: Random;
  #last: number;

  constructor(reader: DatabaseSync, clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    const row = reader.prepare('SELECT max((SELECT max(sequence) FROM object), 0) AS object').get();
    const uploads = reader.prepare('SELECT max(sequence) AS upload FROM upload').get();
    this.#last = Math.max(Number(row?.object ?? 0), Number(uploads?.upload ?? 0));
  }

  next(): { sequence: number; modified: number } {
    const now = this.#clock.now();
    this.#last = Math.max(this.#last + 1, Math.floor(now) * 1000);
    // S3 tells whole seconds, in lists as in headers; the sequence tells what came first.
    return { sequence: this.#last, modified: Math.floor(now / 1000) * 1000 };
  }

  /** 32 letters, as AWS's. */
  versionId(): string {
    return Buffer.from(this.#random.hex(24), 'hex').toString('base64url').replaceAll('-', '.');
  }
}
