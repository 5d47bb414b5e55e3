import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { crc32, createInflateRaw, inflateRaw } from 'node:zlib';
import { broken } from './broken.ts';
import type { ZipEntry } from './directory.ts';

const inflateAll = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

/** Of an entry whose content and data are in memory at once. */
export const contentBytesMax = 4 * 1024 * 1024;

/** The content of an entry small enough for memory. Never more than the directory said, whatever the data would be. */
export async function content(entry: ZipEntry): Promise<Buffer> {
  const bytes = await inflated(entry);
  const check = new ContentCheck(entry);
  check.add(bytes);
  check.end();
  return bytes;
}

async function inflated({ name, method, data, size }: ZipEntry): Promise<Buffer> {
  if (data.length > contentBytesMax) throw broken(`${name} is larger than its directory says`);
  const bytes = await data.read();
  if (method === 'stored') return bytes;
  try {
    return await inflateAll(bytes, { maxOutputLength: size + 1 });
  } catch (error) {
    throw broken(`${name}: ${String(error)}`);
  }
}

/** The same for a large entry, piece by piece. */
export async function pour(entry: ZipEntry, into: Writable): Promise<void> {
  const check = new ContentCheck(entry);
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(
        attempt(() => check.add(chunk)),
        chunk,
      );
    },
    flush(done) {
      done(attempt(() => check.end()));
    },
  });
  const pieces = entry.data.pieces();
  if (entry.method === 'stored') return pipeline(pieces, checked, into);
  const inflating = createInflateRaw();
  let damage: Error | undefined;
  inflating.once('error', (error) => {
    damage = error;
  });
  try {
    await pipeline(pieces, inflating, checked, into);
  } catch (error) {
    throw damage === error && damage !== undefined ? broken(`${entry.name}: ${damage.message}`) : error;
  }
}

/** Counts and sums what comes out; more than the directory said is refused at once. */
class ContentCheck {
  readonly #entry: ZipEntry;
  #size = 0;
  #sum = 0;

  constructor(entry: ZipEntry) {
    this.#entry = entry;
  }

  add(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > this.#entry.size) throw broken(`${this.#entry.name} is larger than its directory says`);
    this.#sum = crc32(bytes, this.#sum);
  }

  end(): void {
    const { name, size, crc32: sum } = this.#entry;
    if (this.#size !== size || this.#sum !== sum) throw broken(`${name} is not what its directory says`);
  }
}

function attempt(work: () => void): Error | null {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
