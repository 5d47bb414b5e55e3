/** Writes ZIPs as tests need them: right ones, and ones that no honest program would write. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface TestEntry {
  readonly name: string;
  readonly content?: Buffer | string;
  /** Unix type and permissions; without it the archive says it was made elsewhere. */
  readonly mode?: number;
  readonly stored?: boolean;
  /** What the directory claims instead of the truth. */
  readonly claims?: {
    readonly size?: number;
    readonly crc32?: number;
    readonly flags?: number;
    readonly method?: number;
  };
  /** Points at the data of the entry with this index instead of having its own. */
  readonly sharesWith?: number;
}

export function zipOf(entries: readonly TestEntry[], prefix = Buffer.alloc(0)): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const { data, header, record } = written(entry);
    const offset = entry.sharesWith === undefined ? at : (offsets[entry.sharesWith] ?? 0);
    record.writeUInt32LE(offset, 42);
    offsets.push(offset);
    central.push(record);
    if (entry.sharesWith !== undefined) continue;
    parts.push(header, data);
    at += header.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([prefix, ...parts, directory, end]);
}

function written(entry: TestEntry) {
  const { claims = {} } = entry;
  const content = Buffer.from(entry.content ?? '');
  const data = entry.stored ? content : deflateRawSync(content);
  const name = Buffer.from(entry.name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(claims.flags ?? 0x800, 2);
  common.writeUInt16LE(claims.method ?? (entry.stored ? 0 : 8), 4);
  common.writeUInt32LE(claims.crc32 ?? crc32(content), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(claims.size ?? content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(entry.mode === undefined ? 20 : (3 << 8) | 20, 4);
  common.copy(record, 6);
  record.writeUInt16LE(entry.mode ?? 0, 40);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name]);
  return { data, header: local, record: Buffer.concat([record, name]) };
}
