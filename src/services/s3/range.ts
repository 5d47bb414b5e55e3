/** `Range: bytes=…` against a size. */
import { s3Error } from './errors.ts';

export interface ByteRange {
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/** Undefined for the whole: what cannot be read as one range is ignored, as S3 ignores it. */
export function byteRange(text: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    if (length === 0) throw invalidRange(text, size);
    return { start: size - length, end: size };
  }
  if (last !== '' && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) throw invalidRange(text, size);
  return { start: Number(first), end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

export function contentRange({ start, end }: ByteRange, size: number): string {
  return `bytes ${start}-${end - 1}/${size}`;
}

function invalidRange(RangeRequested: string | undefined, ActualObjectSize: number): Error {
  const message = 'The requested range is not satisfiable';
  return s3Error('InvalidRange', message, 416, { RangeRequested, ActualObjectSize });
}
