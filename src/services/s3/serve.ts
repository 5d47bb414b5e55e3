/** What GetObject and HeadObject have in common: which version, which stretch of it, and the headers that say so. */
import type { RequestContext } from '../../aws/operation.ts';
import type { Bucket, ObjectVersion } from '../../store/objects/records.ts';
import { checksumMember } from './checksums/algorithms.ts';
import { checkReadConditions, type ReadConditions } from './conditions.ts';
import { shownDetails } from './details.ts';
import { checkHeaderText, invalidRequest, s3Error } from './errors.ts';
import { expirationOf } from './lifecycle/rules.ts';
import { quoted, shownVersion } from './parts.ts';
import { type ByteRange, byteRange, contentRange } from './range.ts';
import { settingsOf } from './settings.ts';

interface ServeInput extends ReadConditions {
  readonly Range?: string | undefined;
  readonly PartNumber?: number | undefined;
  readonly ChecksumMode?: string | undefined;
  readonly ResponseCacheControl?: string | undefined;
  readonly ResponseContentDisposition?: string | undefined;
  readonly ResponseContentEncoding?: string | undefined;
  readonly ResponseContentLanguage?: string | undefined;
  readonly ResponseContentType?: string | undefined;
  readonly ResponseExpires?: Date | undefined;
}

export function served(bucket: Bucket, version: ObjectVersion, input: ServeInput, context: RequestContext) {
  checkReadConditions(version, input);
  const range = wanted(version, input);
  const { start, end } = range ?? { start: 0, end: version.size };
  if (range !== undefined) context.responseStatus = 206;
  const parts = version.pieces.filter(({ number }) => number !== undefined).length;
  const { checksum } = version.details;
  const told = input.ChecksumMode === 'ENABLED' && range === undefined ? checksum : undefined;
  const head = {
    ...shownDetails(version.details),
    ...overrides(input),
    AcceptRanges: 'bytes',
    Expiration: expirationOf(settingsOf(bucket).lifecycle ?? [], version),
    ETag: quoted(version.etag),
    LastModified: new Date(version.modified),
    ContentLength: end - start,
    ContentRange: range === undefined ? undefined : contentRange(range, version.size),
    VersionId: shownVersion(bucket, version),
    PartsCount: input.PartNumber !== undefined && parts > 0 ? parts : undefined,
    ChecksumType: told?.type,
    ...checksumMember(told),
  };
  return { head, start, end };
}

function wanted(version: ObjectVersion, { Range, PartNumber }: ServeInput): ByteRange | undefined {
  if (PartNumber === undefined) return byteRange(Range, version.size);
  if (Range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  const parts = version.pieces.filter(({ number }) => number !== undefined);
  if (parts.length === 0 && PartNumber === 1) return { start: 0, end: version.size };
  let start = 0;
  for (const { number, size } of parts) {
    if (number === PartNumber) return { start, end: start + size };
    start += size;
  }
  const message = 'The requested partnumber is not satisfiable';
  const ActualPartCount = Math.max(parts.length, 1);
  throw s3Error('InvalidPartNumber', message, 416, { PartNumberRequested: PartNumber, ActualPartCount });
}

function overrides(input: ServeInput): Record<string, string | Date> {
  const given = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    Expires: input.ResponseExpires,
  };
  const said = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  for (const [name, value] of said) if (typeof value === 'string') checkHeaderText(name, value);
  return Object.fromEntries(said);
}
