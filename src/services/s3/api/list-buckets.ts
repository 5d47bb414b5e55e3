import { ownerOf, type S3Parts } from '../parts.ts';
import { decodeToken, encodeToken } from '../token.ts';
import type { S3Operation } from './types.ts';

const listedMax = 10_000;

export function listBuckets({ objects }: S3Parts): S3Operation<'ListBuckets'> {
  return {
    handle({ Prefix, MaxBuckets = listedMax, ContinuationToken, BucketRegion }, { accountId }) {
      const after = decodeToken(ContinuationToken) ?? '';
      const fitting = objects.buckets
        .list(accountId)
        .filter(({ name }) => name > after && name.startsWith(Prefix ?? ''))
        .filter(({ region }) => BucketRegion === undefined || region === BucketRegion);
      const page = fitting.slice(0, MaxBuckets);
      const last = page.at(-1);
      return {
        Owner: ownerOf({ accountId }),
        Buckets: page.map(({ name, createdAt, region }) => ({
          Name: name,
          CreationDate: new Date(createdAt),
          BucketRegion: region,
          BucketArn: `arn:aws:s3:::${name}`,
        })),
        Prefix,
        ContinuationToken: page.length < fitting.length && last !== undefined ? encodeToken(last.name) : undefined,
      };
    },
  };
}
