import { StringDecoder } from 'node:string_decoder';

/** CloudWatch's limit for one event. */
const lineBytesMax = 256 * 1024;

/** Cuts what a program writes into lines, whatever chunks it comes in. */
export class OutputLines {
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';

  take(chunk: Buffer): string[] {
    const lines = (this.#partial + this.#decoder.write(chunk)).split('\n');
    this.#partial = lines.pop() ?? '';
    while (this.#partial.length >= lineBytesMax) {
      lines.push(this.#partial.slice(0, lineBytesMax));
      this.#partial = this.#partial.slice(lineBytesMax);
    }
    return lines;
  }

  /** The line that has no newline yet. */
  end(): string | undefined {
    const line = this.#partial;
    this.#partial = '';
    return line === '' ? undefined : line;
  }
}
