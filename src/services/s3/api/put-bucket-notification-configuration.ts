import type { RequestContext } from '../../../aws/operation.ts';
import type { Bucket } from '../../../store/objects/records.ts';
import type { Joined } from '../../../store/sqlite/unit.ts';
import { s3Error } from '../errors.ts';
import { checkNotifications, type NotificationRule, withIds } from '../notifications/configuration.ts';
import { sourceOf, together } from '../notifications/notify.ts';
import { targetOf } from '../notifications/targets.ts';
import { bucketFor, type S3Parts } from '../parts.ts';
import { configure } from '../settings.ts';
import type { S3Operation } from './types.ts';

/** Replaces all of it. Queues and topics get a test event, functions do not (reference: lambda-semantics 6.1). */
export function putBucketNotificationConfiguration(parts: S3Parts): S3Operation<'PutBucketNotificationConfiguration'> {
  return {
    async handle(input, context) {
      const bucket = bucketFor(parts, input, context);
      const notification = withIds(input.NotificationConfiguration ?? {}, () => parts.random.uuid());
      const rules = checkNotifications(notification, bucket.region);
      if (input.SkipDestinationValidation !== true) checkDestinations(parts, bucket, rules);
      await configure(parts, bucket, { notification }, together(testEvents(parts, bucket, rules, context)));
      return {};
    },
  };
}

function checkDestinations({ targets }: S3Parts, bucket: Bucket, rules: readonly NotificationRule[]): void {
  const refused = rules.flatMap(({ arn }) => {
    const target = targetOf(targets, arn);
    const why =
      target === undefined ? 'This server does not have the service yet' : target.refusal(arn, sourceOf(bucket));
    return why === undefined ? [] : [[arn, why] as const];
  });
  if (refused.length === 0) return;
  const members = refused.flatMap(([arn, why], place) => [
    [`ArgumentName${place + 1}`, arn],
    [`ArgumentValue${place + 1}`, why],
  ]);
  const message = 'Unable to validate the following destination configurations';
  throw s3Error('InvalidArgument', message, 400, Object.fromEntries(members));
}

function testEvents(
  { targets, clock }: S3Parts,
  bucket: Bucket,
  rules: readonly NotificationRule[],
  { requestId }: RequestContext,
): Joined[] {
  const payload = Buffer.from(
    JSON.stringify({
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: new Date(clock.now()).toISOString(),
      Bucket: bucket.name,
      RequestId: requestId,
      HostId: requestId,
    }),
  );
  const told = rules.filter(({ kind }) => kind !== 'function');
  return told.flatMap(({ arn }) => targetOf(targets, arn)?.joined(arn, { source: sourceOf(bucket), payload }) ?? []);
}
