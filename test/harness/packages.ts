/** ZIP packages made in memory, with full control over names and modes. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface Entry {
  readonly name: string;
  readonly content: string | Buffer;
  /** Unix mode with file type, as 0o100644. */
  readonly mode?: number;
}

export function zip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = entryBytes(entry, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function entryBytes({ name, content, mode = 0o100644 }: Entry, offset: number) {
  const bytes = Buffer.from(content);
  const packed = deflateRawSync(bytes);
  const named = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x0800, 2);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(named.length, 22);
  const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, named, packed]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(((mode << 16) >>> 0) >>> 0, 6);
  tail.writeUInt32LE(offset, 10);
  const made = Buffer.from([0x50, 0x4b, 1, 2, 20, 3]);
  return { local, central: Buffer.concat([made, common, tail, named]) };
}

/** A package of one Node.js file. */
export function nodePackage(source: string): Buffer {
  return zip([{ name: 'index.js', content: source }]);
}
