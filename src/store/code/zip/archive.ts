/** Where an archive's bytes lie: in memory, or in a file of which only what is asked for is read. */
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { broken } from './broken.ts';

export interface Archive {
  readonly size: number;
  /** At once: for what stands in directory and headers. */
  slice(at: number, length: number): Buffer;
  data(at: number, length: number): ArchiveData;
}

/** The bytes of an entry, compressed or not, which may be many. */
export interface ArchiveData {
  readonly length: number;
  read(): Promise<Buffer>;
  pieces(): Iterable<Buffer> | AsyncIterable<Buffer>;
}

const pieceBytes = 64 * 1024;

export function memoryArchive(bytes: Buffer): Archive {
  const slice = (at: number, length: number) => bytes.subarray(at, at + length);
  return {
    size: bytes.length,
    slice,
    data: (at, length) => ({
      length,
      read: async () => slice(at, length),
      *pieces() {
        for (let from = 0; from < length; from += pieceBytes) {
          yield slice(at + from, Math.min(pieceBytes, length - from));
        }
      },
    }),
  };
}

export async function openArchive(path: string): Promise<FileArchive> {
  const file = await open(path, 'r');
  return new FileArchive(file, (await file.stat()).size);
}

export class FileArchive implements Archive, AsyncDisposable {
  readonly size: number;
  readonly #file: FileHandle;
  /** What was read last, since headers are read in small steps, forward or backward. */
  #window = { at: 0, bytes: Buffer.of() };

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  slice(at: number, length: number): Buffer {
    const from = at - this.#window.at;
    if (from >= 0 && from + length <= this.#window.bytes.length)
      return this.#window.bytes.subarray(from, from + length);
    const start = Math.max(0, at - pieceBytes / 2);
    const bytes = Buffer.allocUnsafe(Math.min(this.size - start, pieceBytes + length));
    const count = readSync(this.#file.fd, bytes, 0, bytes.length, start);
    this.#window = { at: start, bytes: bytes.subarray(0, count) };
    return this.#window.bytes.subarray(at - start, at - start + length);
  }

  data(at: number, length: number): ArchiveData {
    return {
      length,
      read: () => this.#read(at, length),
      pieces: () => this.#pieces(at, length),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #read(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = length === 0 ? { bytesRead: 0 } : await this.#file.read(bytes, 0, length, at);
    if (bytesRead < length) throw broken('it ends early');
    return bytes;
  }

  async *#pieces(at: number, length: number): AsyncGenerator<Buffer> {
    for (let from = 0; from < length; from += pieceBytes) {
      yield await this.#read(at + from, Math.min(pieceBytes, length - from));
    }
  }
}
