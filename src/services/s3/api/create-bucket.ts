import type { RequestContext } from '../../../aws/operation.ts';
import type { BucketSettings } from '../../../store/objects/records.ts';
import { refuseAcl } from '../details.ts';
import { bucketAlreadyExists, bucketAlreadyOwnedByYou, notImplementedHeader, s3Error } from '../errors.ts';
import { bucketTagsMax } from '../limits.ts';
import { checkBucketName } from '../names.ts';
import type { S3Parts } from '../parts.ts';
import { checkedTags } from '../tags.ts';
import type { S3Operation } from './types.ts';

/** In us-east-1, creating what one already has is no error (API reference, CreateBucket). */
export function createBucket({ objects, clock }: S3Parts): S3Operation<'CreateBucket'> {
  return {
    async handle({ Bucket: name = '', CreateBucketConfiguration: wanted = {}, ...input }, context) {
      checkBucketName(name);
      if (input.ObjectLockEnabledForBucket) throw notImplementedHeader('x-amz-bucket-object-lock-enabled');
      refuseAcl(input.ACL);
      const region = regionOf(wanted.LocationConstraint, context);
      const { accountId } = context;
      const tags = checkedTags(wanted.Tags ?? [], bucketTagsMax);
      const settings: BucketSettings = tags.length === 0 ? {} : { tags };
      const made = await objects.buckets.create({ name, accountId, region, createdAt: clock.now(), settings });
      if (made === undefined) {
        const there = objects.buckets.get(name);
        if (there !== undefined && there.accountId !== accountId) throw bucketAlreadyExists(name);
        if (there?.region !== 'us-east-1' || region !== 'us-east-1') throw bucketAlreadyOwnedByYou(name);
      }
      return { Location: region === 'us-east-1' ? `/${name}` : `${context.endpoint}/${name}` };
    },
  };
}

/** The endpoint of us-east-1 makes buckets everywhere, every other one only at home. */
function regionOf(constraint: string | undefined, { region }: RequestContext): string {
  const code = 'IllegalLocationConstraintException';
  if (constraint === undefined || constraint === '') {
    if (region === 'us-east-1') return region;
    const message =
      'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.';
    throw s3Error(code, message, 400);
  }
  const named = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (named === 'us-east-1' || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(named)) {
    const message = 'The specified location-constraint is not valid';
    throw s3Error('InvalidLocationConstraint', message, 400, { LocationConstraint: constraint });
  }
  if (region === 'us-east-1' || region === named) return named;
  const message = `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`;
  throw s3Error(code, message, 400);
}
