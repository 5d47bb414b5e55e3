import { checkLifecycle } from '../lifecycle/rules.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** Replaces all rules. What expires goes with the next round of the sweep. */
export function putBucketLifecycleConfiguration(parts: S3Parts): S3Operation<'PutBucketLifecycleConfiguration'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      await configure(parts, bucket, { lifecycle: checkLifecycle(input.LifecycleConfiguration?.Rules ?? []) });
      return { TransitionDefaultMinimumObjectSize: input.TransitionDefaultMinimumObjectSize };
    },
  };
}
