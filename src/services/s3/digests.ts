/**
 * Bodies that are documents, held against the checksums that their requests promise before anything is done with them.
 * Those of objects are checked on their way to the disk (`receive.ts`).
 */
import { hash } from 'node:crypto';
import type { AnyTable, Operation } from '../../aws/operation.ts';
import type { Headers } from '../../aws/sigv4/signature.ts';
import { algorithms } from './checksums/algorithms.ts';
import { announcedChecksum } from './checksums/announced.ts';
import { badChecksum, badMd5, checkMd5Form, invalidRequest } from './errors.ts';

/** Refused without a checksum, as they have been since there was none but MD5. */
const demanding = new Set(['DeleteObjects', 'PutBucketCors', 'PutBucketLifecycleConfiguration', 'PutBucketTagging']);

/** What these say of a checksum is about an object and not about their own body. */
const aboutObjects = new Set(['CreateMultipartUpload', 'CompleteMultipartUpload', 'CopyObject', 'UploadPartCopy']);

// biome-ignore lint/suspicious/noExplicitAny: rows of one table with differing inputs, as in AnyTable
type AnyRow = Operation<any, any>;

/** The table, with each row that is given its body whole checking it. */
export function withDigests<Table extends AnyTable>(table: Table): Table {
  const rows = Object.entries(table).map(([name, row]) => [
    name,
    'handle' in row && !row.streaming ? checking(name, row) : row,
  ]);
  return Object.fromEntries(rows) as Table; // the same names and the same kinds of rows
}

function checking(operation: string, row: AnyRow): AnyRow {
  return {
    ...row,
    checkBody(body, headers, trailers) {
      const promised = checkMd5(body, headers['content-md5']);
      const summed = aboutObjects.has(operation) ? false : checkChecksum(body, headers, trailers);
      if (promised || summed || !demanding.has(operation)) return;
      throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
    },
  };
}

/** Whether one was promised. */
function checkMd5(body: Buffer, md5: string | undefined): boolean {
  if (md5 === undefined) return false;
  checkMd5Form(md5);
  const digest = hash('md5', body, 'buffer');
  if (!digest.equals(Buffer.from(md5, 'base64'))) throw badMd5(md5, digest);
  return true;
}

function checkChecksum(body: Buffer, headers: Headers, trailers: Headers): boolean {
  const promised = announcedChecksum({ headers });
  if (promised === undefined) return false;
  const { header, start } = algorithms[promised.algorithm];
  const said = promised.value ?? trailers[`x-amz-checksum-${header}`];
  if (said === undefined) return false;
  const running = start();
  running.update(body);
  if (running.digest().toString('base64') !== said) throw badChecksum(promised.algorithm);
  return true;
}
