/**
 * An append-only file of records, in folder `journal/`, named by number:
 *
 *     u32le length │ u32le CRC-32 of the payload │ payload
 *
 * A record is there once `write(2)` has returned: `kill -9` cannot take it any more. A record that a power cut left half
 * written fails its checksum, and the file ends before it.
 */
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const headerBytes = 8;

/** A place in the journal: everything before it has been moved into the database. */
export interface JournalPlace {
  readonly file: number;
  readonly offset: number;
}

export class JournalFile {
  readonly number: number;
  readonly #fd: number;
  #size = 0;

  /** A new, empty file. */
  constructor(folder: string, number: number) {
    this.number = number;
    this.#fd = openSync(pathOf(folder, number), 'wx', 0o600);
  }

  get place(): JournalPlace {
    return { file: this.number, offset: this.#size };
  }

  /** Throws what the system says when there is no room; the file then is as it was before. */
  append(payload: Buffer): void {
    const record = Buffer.allocUnsafe(headerBytes + payload.length);
    record.writeUInt32LE(payload.length, 0);
    record.writeUInt32LE(crc32(payload), 4);
    payload.copy(record, headerBytes);
    try {
      let written = 0;
      while (written < record.length) written += writeSync(this.#fd, record, written, undefined, this.#size + written);
      this.#size += record.length;
    } catch (error) {
      // Half a record would hide the whole ones behind it.
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
  }

  /** Asks the disk to have it as well; what that takes is nobody's wait. */
  sync(): void {
    fdatasync(this.#fd, () => {});
  }

  close(): void {
    closeSync(this.#fd);
  }
}

export function journalFolder(dataDir: string): string {
  const folder = join(dataDir, 'journal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The numbers of the files there are, ascending. */
export function journalFiles(folder: string): number[] {
  const names = readdirSync(folder).filter((name) => /^\d{10}$/.test(name));
  return names.map(Number).sort((a, b) => a - b);
}

export function removeJournalFile(folder: string, number: number): void {
  rmSync(pathOf(folder, number), { force: true });
}

/** The whole records from `offset` on, each with the place behind it. */
export function* readJournal(folder: string, number: number, offset: number): Generator<[Buffer, JournalPlace]> {
  const bytes = readFileSync(pathOf(folder, number));
  let at = offset;
  while (at + headerBytes <= bytes.length) {
    const end = at + headerBytes + bytes.readUInt32LE(at);
    const payload = bytes.subarray(at + headerBytes, end);
    if (end > bytes.length || crc32(payload) !== bytes.readUInt32LE(at + 4)) return;
    at = end;
    yield [payload, { file: number, offset: at }];
  }
}

function pathOf(folder: string, number: number): string {
  return join(folder, String(number).padStart(10, '0'));
}
