import { bucketFor, type S3Parts } from '../parts.ts';
import type { S3Operation } from './types.ts';

type Region = 'eu-west-1';

/** Empty for us-east-1, which is older than the question. */
export function getBucketLocation(parts: S3Parts): S3Operation<'GetBucketLocation'> {
  return {
    handle(input, context) {
      const { region } = bucketFor(parts, input, context);
      // Any region's name may have been asked for, also one that the SDK's list does not have.
      return { LocationConstraint: region === 'us-east-1' ? undefined : (region as Region) };
    },
  };
}
