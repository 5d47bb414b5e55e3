/** An object that another part of this server writes: of a few bytes, in the name of an account, told like any other. */
import type { Principal } from '../../aws/operation.ts';
import { created } from './notifications/notify.ts';
import type { S3Parts } from './parts.ts';
import { received } from './receive.ts';

export interface WrittenObject {
  readonly bucketArn: string;
  readonly key: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly accountId: string;
  readonly traceHeader?: string | undefined;
}

export type PutBytes = (object: WrittenObject) => Promise<'stored' | { readonly refused: string }>;

type Parts = Pick<S3Parts, 'objects' | 'clock' | 'random' | 'targets'>;

/** On the disk when it resolves, or refused for good; rejects when it cannot be written now. */
export function putBytes(parts: Parts): PutBytes {
  return async ({ bucketArn, key, contentType, bytes, accountId, traceHeader }) => {
    const bucket = parts.objects.buckets.get(bucketArn.replace(/^arn:aws[a-z-]*:s3:::/, ''));
    if (bucket === undefined) return { refused: 'The specified bucket does not exist' };
    if (bucket.accountId !== accountId) return { refused: 'Access Denied' };
    const principal: Principal = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` };
    const headers = { 'x-amzn-trace-id': traceHeader };
    const context = { principal, requestId: parts.random.uuid(), headers };
    const { body, etag } = await received(parts.objects, once(bytes), {});
    const version = await parts.objects.versions.put({
      bucket,
      key,
      etag,
      body,
      details: { headers: { ContentType: contentType }, metadata: {}, tags: [], storageClass: 'STANDARD' },
      also: created(parts, { bucket, context }, 'Put'),
    });
    return version === undefined ? { refused: 'The specified bucket does not exist' } : 'stored';
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
