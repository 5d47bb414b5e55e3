/** Conditional requests (RFC 9110, section 13, as S3 has it: times by the second, weak tags like strong ones). */
import { AwsError } from '../../aws/errors.ts';
import type { ObjectVersion } from '../../store/objects/records.ts';
import { noSuchKey, notImplementedHeader, preconditionFailed } from './errors.ts';
import { quoted } from './parts.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

export function checkReadConditions(version: ObjectVersion, conditions: ReadConditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, version)) throw preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince !== undefined && secondsOf(version) > seconds(IfUnmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (IfNoneMatch !== undefined) {
    if (matches(IfNoneMatch, version)) throw notModified(version);
  } else if (IfModifiedSince !== undefined && secondsOf(version) <= seconds(IfModifiedSince)) {
    throw notModified(version);
  }
}

export interface CopyConditions {
  readonly CopySourceIfMatch?: string | undefined;
  readonly CopySourceIfNoneMatch?: string | undefined;
  readonly CopySourceIfModifiedSince?: Date | undefined;
  readonly CopySourceIfUnmodifiedSince?: Date | undefined;
}

/** Of a copy's source; there, not modified is a condition that did not hold like any other. */
export function checkCopyConditions(version: ObjectVersion, conditions: CopyConditions): void {
  try {
    checkReadConditions(version, {
      IfMatch: conditions.CopySourceIfMatch,
      IfNoneMatch: conditions.CopySourceIfNoneMatch,
      IfModifiedSince: conditions.CopySourceIfModifiedSince,
      IfUnmodifiedSince: conditions.CopySourceIfUnmodifiedSince,
    });
  } catch (error) {
    if (error instanceof AwsError) throw preconditionFailed('x-amz-copy-source-If-');
    throw error;
  }
}

/** Asked again when the write is made, under the key's lock. */
export function writeCondition(
  key: string,
  { IfMatch, IfNoneMatch }: Pick<ReadConditions, 'IfMatch' | 'IfNoneMatch'>,
): (current: ObjectVersion | undefined) => void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') throw notImplementedHeader('If-None-Match');
  return (latest) => {
    const current = latest?.marker === true ? undefined : latest;
    if (IfNoneMatch !== undefined && current !== undefined) throw preconditionFailed('If-None-Match');
    if (IfMatch === undefined) return;
    if (current === undefined) throw noSuchKey(key);
    if (!matches(IfMatch, current)) throw preconditionFailed('If-Match');
  };
}

function matches(list: string, { etag }: ObjectVersion): boolean {
  return list.split(',').some((one) => {
    const tag = one
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return tag === '*' || tag === etag;
  });
}

function secondsOf({ modified }: ObjectVersion): number {
  return Math.floor(modified / 1000);
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function notModified({ etag, modified }: ObjectVersion): AwsError {
  const headers = { etag: quoted(etag), 'last-modified': new Date(modified).toUTCString() };
  return new AwsError({ code: 'NotModified', message: 'Not Modified', status: 304, headers });
}
