import { malformedXml, s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** The owner of a bucket owns all that is in it; a bucket where that is otherwise needs ACLs, which are not here. */
export function putBucketOwnershipControls(parts: S3Parts): S3Operation<'PutBucketOwnershipControls'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const [rule, ...more] = input.OwnershipControls?.Rules ?? [];
      if (rule?.ObjectOwnership === undefined || more.length > 0) throw malformedXml();
      if (rule.ObjectOwnership === 'ObjectWriter') {
        throw s3Error('NotImplemented', 'The object ownership ObjectWriter is not implemented', 501);
      }
      await configure(parts, bucket, { ownership: rule.ObjectOwnership });
      return {};
    },
  };
}
