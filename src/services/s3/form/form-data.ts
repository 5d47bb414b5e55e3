/**
 * `multipart/form-data` as it comes (RFC 7578): the fields before the file, and then the file as a stream. What comes
 * after the file is not read, as S3 does not.
 *
 *   --boundary CRLF  headers CRLF CRLF  content CRLF  --boundary … --boundary--
 */
import { invalidArgument, s3Error } from '../errors.ts';

const fieldBytesMax = 20 * 1024;
const headBytesMax = 8 * 1024;
const fieldsMax = 200;

export interface FormUpload {
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly fileName: string;
  readonly file: AsyncIterable<Buffer>;
}

export async function readForm(contentType: string, body: AsyncIterable<Buffer>): Promise<FormUpload> {
  const boundary = /boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType);
  if (boundary === null) throw malformed();
  const reader = new FormReader(body, boundary[1] ?? boundary[2] ?? '');
  await reader.begin();
  const fields = new Map<string, string>();
  for (let count = 0; count < fieldsMax; count += 1) {
    const head = await reader.head();
    if (head === undefined) break;
    const name = (/[ ;]name="([^"]*)"/i.exec(head)?.[1] ?? '').toLowerCase();
    if (name === 'file') {
      const fileName = /filename="([^"]*)"/i.exec(head)?.[1]?.replace(/^.*[/\\]/, '') ?? '';
      return { fields, fileName, file: reader.content() };
    }
    fields.set(name, await reader.field());
  }
  throw invalidArgument('POST requires exactly one file upload per request.', 'file', '0');
}

class FormReader {
  readonly #bytes: AsyncIterator<Buffer>;
  readonly #line: Buffer;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(body: AsyncIterable<Buffer>, boundary: string) {
    this.#bytes = body[Symbol.asyncIterator]();
    this.#line = Buffer.from(`\r\n--${boundary}`);
  }

  /** The first boundary may stand at the very start. */
  async begin(): Promise<void> {
    this.#held = Buffer.from('\r\n');
    const before = await this.#until(this.#line, headBytesMax);
    if (before === undefined) throw malformed();
  }

  /** The headers of the next part; undefined after the last. */
  async head(): Promise<string | undefined> {
    while (this.#held.length < 2) if (!(await this.#more())) throw malformed();
    if (this.#held.toString('latin1', 0, 2) === '--') return undefined;
    const head = await this.#until(Buffer.from('\r\n\r\n'), headBytesMax);
    if (head === undefined) throw malformed();
    return head.toString('utf8');
  }

  async field(): Promise<string> {
    const content = await this.#until(this.#line, fieldBytesMax);
    if (content === undefined) throw tooLarge();
    return content.toString('utf8');
  }

  /** Up to the next boundary; keeps back only what may be its start. */
  async *content(): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(this.#line);
      if (at !== -1) {
        if (at > 0) yield this.#held.subarray(0, at);
        // To its end, so that all that was promised of the whole body is checked.
        while (await this.#more());
        return;
      }
      const safe = this.#held.length - this.#line.length;
      if (safe > 0) {
        yield this.#held.subarray(0, safe);
        this.#held = this.#held.subarray(safe);
      }
      if (!(await this.#more())) throw malformed();
    }
  }

  /** What comes before `end`, which is dropped; undefined when that is too far away. */
  async #until(end: Buffer, bytesMax: number): Promise<Buffer | undefined> {
    for (;;) {
      const at = this.#held.indexOf(end);
      if (at !== -1) {
        const before = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + end.length);
        return before;
      }
      if (this.#held.length > bytesMax || !(await this.#more())) return undefined;
    }
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const step = await this.#bytes.next();
    this.#ended = step.done === true;
    if (step.done) return false;
    this.#held = this.#held.length === 0 ? step.value : Buffer.concat([this.#held, step.value]);
    return true;
  }
}

function malformed(): Error {
  return s3Error('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.', 400);
}

function tooLarge(): Error {
  const message = 'Your POST request fields preceding the upload file were too large.';
  return s3Error('MaxPostPreDataLengthExceeded', message, 400);
}
