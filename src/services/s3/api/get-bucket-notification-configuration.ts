import { bucketFor, type S3Parts } from '../parts.ts';
import { settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** Empty where nothing was configured. */
export function getBucketNotificationConfiguration(parts: S3Parts): S3Operation<'GetBucketNotificationConfiguration'> {
  return { handle: (input, context) => settingsOf(bucketFor(parts, input, context)).notification ?? {} };
}
