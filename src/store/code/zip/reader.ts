import type { Archive, ArchiveData } from './archive.ts';
import { broken } from './broken.ts';

/** Little-endian numbers of a hostile archive: what lies outside is a broken archive, not our error. */
export class Reader {
  readonly archive: Archive;

  constructor(archive: Archive) {
    this.archive = archive;
  }

  u16(at: number): number {
    return this.slice(at, 2).readUInt16LE();
  }

  u32(at: number): number {
    return this.slice(at, 4).readUInt32LE();
  }

  /** Sizes and offsets; nothing we take is beyond what a number can hold. */
  u64(at: number): number {
    const value = this.slice(at, 8).readBigUInt64LE();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken('a size is beyond all sense');
    return Number(value);
  }

  slice(at: number, length: number): Buffer {
    this.#check(at, length);
    return this.archive.slice(at, length);
  }

  data(at: number, length: number): ArchiveData {
    this.#check(at, length);
    return this.archive.data(at, length);
  }

  #check(at: number, length: number): void {
    if (at < 0 || at + length > this.archive.size) throw broken('it ends early');
  }
}
