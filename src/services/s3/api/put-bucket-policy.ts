import { MalformedPolicy } from '../../../iam/policy/malformed.ts';
import { policyOf } from '../../../iam/policy/policy.ts';
import { accessDenied, s3Error } from '../errors.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { isPublic } from '../public-policy.ts';
import { configure, settingsOf } from '../settings.ts';
import type { S3Operation } from './types.ts';

const policyBytesMax = 20 * 1024;

/** Enforced with the bucket's very next request (rules.ts). */
export function putBucketPolicy(parts: S3Parts): S3Operation<'PutBucketPolicy'> {
  return {
    requestBytesMax: policyBytesMax,
    tooLarge: () => malformed('Policy exceeds the maximum allowed document size.'),
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const { Policy: policy = '' } = input;
      try {
        policyOf(policy, 'resource');
      } catch (error) {
        if (error instanceof MalformedPolicy) throw malformed(error.message);
        throw error;
      }
      if (settingsOf(bucket).publicAccessBlock?.BlockPublicPolicy && isPublic(policy)) throw blocked();
      await configure(parts, bucket, { policy });
      context.responseStatus = 204;
      return {};
    },
  };
}

function blocked() {
  return accessDenied(
    'Public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access for this bucket.',
  );
}

function malformed(message: string) {
  return s3Error('MalformedPolicy', message, 400);
}
