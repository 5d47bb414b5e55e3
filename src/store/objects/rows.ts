/** Between rows of the database and records. */
import type { ObjectVersion, Part, Upload } from './records.ts';

type Row = Record<string, unknown>;

/** Of an object's table, all that `versionOf` reads. */
export const versionColumns = 'sequence, bucket, key, version, latest, marker, size, etag, modified, details, pieces';

export function versionOf(row: Row): ObjectVersion {
  return {
    sequence: Number(row.sequence),
    bucket: Number(row.bucket),
    key: String(row.key),
    version: String(row.version),
    latest: row.latest === 1,
    marker: row.marker === 1,
    size: Number(row.size),
    etag: String(row.etag),
    modified: Number(row.modified),
    details: JSON.parse(String(row.details)),
    pieces: typeof row.pieces === 'string' ? JSON.parse(row.pieces) : [],
  };
}

export function uploadOf(row: Row): Upload {
  return {
    sequence: Number(row.sequence),
    bucket: Number(row.bucket),
    key: String(row.key),
    id: String(row.id),
    initiated: Number(row.initiated),
    details: JSON.parse(String(row.details)),
  };
}

export function partOf(row: Row): Part {
  return {
    number: Number(row.number),
    file: String(row.file),
    size: Number(row.size),
    etag: String(row.etag),
    modified: Number(row.modified),
    ...(row.checksum === null ? {} : { checksum: String(row.checksum) }),
  };
}
