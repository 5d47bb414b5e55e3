import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './connection.ts';

/**
 * Checks every answer: the first one that parses to what is expected gives the bytes, and all later ones must be those
 * bytes. Parsing each would measure JSON. Without an expectation (each answer has an id of its own), the status counts.
 */
export class Verifier {
  readonly #expected: unknown;
  readonly #status: number;
  #bytes: Buffer | undefined;

  constructor(expected: unknown, status = 200) {
    this.#expected = expected;
    this.#status = status;
  }

  /** What is wrong, or undefined. */
  wrong({ status, body }: Answer): string | undefined {
    if (status === this.#status && (this.#expected === undefined || this.#bytes?.equals(body))) return undefined;
    if (status !== this.#status) return `status ${status}: ${body.subarray(0, 200)}`;
    if (this.#bytes !== undefined || !this.#isExpected(body)) return `unexpected body: ${body.subarray(0, 200)}`;
    this.#bytes = Buffer.from(body);
    return undefined;
  }

  #isExpected(body: Buffer): boolean {
    try {
      return isDeepStrictEqual(JSON.parse(body.toString()), this.#expected);
    } catch {
      return false;
    }
  }
}
