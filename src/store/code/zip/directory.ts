/**
 * Reads a ZIP's central directory. Ours and not a package's, because what a hostile archive may hold is decided here:
 * overlapping entries (a bomb of 42 kB becomes petabytes), encryption, directories that point outside the file.
 *
 *   [local header, data]… [central directory] [zip64 record, zip64 locator]? [end record]
 */
import { type Archive, type ArchiveData, memoryArchive } from './archive.ts';
import { broken } from './broken.ts';
import { Reader } from './reader.ts';

export interface ZipEntry {
  readonly name: string;
  /** Type and permissions as Unix has them; 0 where the archive does not say. */
  readonly unixMode: number;
  readonly method: 'stored' | 'deflated';
  readonly crc32: number;
  readonly size: number;
  /** As it lies in the archive, compressed or not. */
  readonly data: ArchiveData;
}

interface Located {
  readonly entry: Omit<ZipEntry, 'data'>;
  readonly headerAt: number;
  readonly compressedSize: number;
}

const entriesMax = 100_000;
const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
};
const unset16 = 0xffff;
const unset32 = 0xffffffff;

/** Throws `PackageError` for what cannot be read or must not be. */
export function readDirectory(zip: Archive): ZipEntry[] {
  const reader = new Reader(zip);
  const { count, at, end, shift } = findDirectory(reader);
  if (count > entriesMax) throw broken(`it has ${count} entries`);
  const located: Located[] = [];
  let next = at;
  for (let index = 0; index < count; index += 1) {
    const { entry, length } = readCentral(reader, next, shift);
    located.push(entry);
    next += length;
  }
  if (next > end) throw broken('its directory is longer than it says');
  return withData(reader, located, at);
}

/** Where the central directory lies; `shift` is what was put before the archive, as a program that unpacks itself. */
function findDirectory(reader: Reader) {
  const endAt = findEnd(reader);
  const narrow = { count: reader.u16(endAt + 10), size: reader.u32(endAt + 12), at: reader.u32(endAt + 16) };
  const wide = narrow.count === unset16 || narrow.size === unset32 || narrow.at === unset32;
  const wideAt = wide ? find64(reader, endAt) : undefined;
  const { count, size, at } =
    wideAt === undefined
      ? narrow
      : { count: reader.u64(wideAt + 32), size: reader.u64(wideAt + 40), at: reader.u64(wideAt + 48) };
  const end = wideAt ?? endAt;
  const shift = end - size - at;
  if (shift < 0) throw broken('its directory lies outside');
  return { count, at: at + shift, end, shift };
}

function findEnd(reader: Reader): number {
  const { size } = reader.archive;
  const first = Math.max(0, size - 22 - unset16);
  for (let at = size - 22; at >= first; at -= 1) {
    if (reader.u32(at) === signatures.end && at + 22 + reader.u16(at + 20) === size) return at;
  }
  throw broken('it has no end record');
}

/** The wide end record; an archive of exactly 65,535 entries has none and is no less right. */
function find64(reader: Reader, endAt: number): number | undefined {
  const locatorAt = endAt - 20;
  if (locatorAt < 0 || reader.u32(locatorAt) !== signatures.locator64) return undefined;
  // The record lies right before its locator, unless it was extended, which nobody does.
  const at = locatorAt - 56;
  if (reader.u32(at) !== signatures.end64) throw broken('its wide end record is not where it should be');
  return at;
}

function readCentral(reader: Reader, at: number, shift: number): { entry: Located; length: number } {
  if (reader.u32(at) !== signatures.central) throw broken('its directory is damaged');
  const flags = reader.u16(at + 8);
  const [nameLength, extraLength, commentLength] = [reader.u16(at + 28), reader.u16(at + 30), reader.u16(at + 32)];
  const nameBytes = reader.slice(at + 46, nameLength);
  const extra = new Reader(memoryArchive(reader.slice(at + 46 + nameLength, extraLength)));
  const sizes = widened(extra, {
    size: reader.u32(at + 24),
    compressedSize: reader.u32(at + 20),
    headerAt: reader.u32(at + 42),
  });
  if ((flags & 0x2041) !== 0) throw broken('it is encrypted');
  const madeOnUnix = reader.u16(at + 4) >> 8 === 3;
  const entry: Located['entry'] = {
    name: nameOf(nameBytes),
    unixMode: madeOnUnix ? reader.u16(at + 40) : 0,
    method: methodOf(reader.u16(at + 10)),
    crc32: reader.u32(at + 16),
    size: sizes.size,
  };
  const located = { entry, compressedSize: sizes.compressedSize, headerAt: sizes.headerAt + shift };
  return { entry: located, length: 46 + nameLength + extraLength + commentLength };
}

/** What does not fit in 32 bits is in the extra field 1, in this order, each only where it is needed. */
function widened(extra: Reader, sizes: { size: number; compressedSize: number; headerAt: number }) {
  const wide = { ...sizes };
  const at = findExtra(extra, 1);
  if (at === undefined) return wide;
  let next = at;
  for (const key of ['size', 'compressedSize', 'headerAt'] as const) {
    if (wide[key] !== unset32) continue;
    wide[key] = extra.u64(next);
    next += 8;
  }
  return wide;
}

function findExtra(extra: Reader, wanted: number): number | undefined {
  let at = 0;
  while (at + 4 <= extra.archive.size) {
    if (extra.u16(at) === wanted) return at + 4;
    at += 4 + extra.u16(at + 2);
  }
  return undefined;
}

/** Names are UTF-8, said or not; what is no UTF-8 is taken letter for letter. */
function nameOf(bytes: Buffer): string {
  const name = bytes.toString('utf8');
  return name.includes('\ufffd') ? bytes.toString('latin1') : name;
}

function methodOf(method: number): ZipEntry['method'] {
  if (method === 0) return 'stored';
  if (method === 8) return 'deflated';
  throw broken(`it is compressed with method ${method}`);
}

/** Finds each entry's bytes, and refuses archives in which two entries share some. */
function withData(reader: Reader, located: readonly Located[], directoryAt: number): ZipEntry[] {
  const inOrder = located.toSorted((a, b) => a.headerAt - b.headerAt);
  let free = 0;
  return inOrder.map(({ entry, headerAt, compressedSize }) => {
    if (headerAt < free) throw broken('its entries overlap');
    if (reader.u32(headerAt) !== signatures.local) throw broken(`${entry.name} is not where it should be`);
    const dataAt = headerAt + 30 + reader.u16(headerAt + 26) + reader.u16(headerAt + 28);
    free = dataAt + compressedSize;
    if (free > directoryAt) throw broken('an entry reaches into its directory');
    return { ...entry, data: reader.data(dataAt, compressedSize) };
  });
}
