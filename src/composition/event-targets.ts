/** Composition: what alarms, log subscriptions and buckets do reaches functions. */
import type { Random } from '../base/random.ts';
import type { ParcelSource } from '../delivery/parcel.ts';
import type { Targets } from '../delivery/targets.ts';
import { type AcceptEvent, type JoinEvent, NotAcceptedError } from '../lambda/invoke/accept.ts';
import type { ServiceInvocation } from '../lambda/invoke/permission.ts';
import type { Log } from '../observe/log.ts';
import type { AlarmActions } from '../services/cloudwatch/alarms/actions.ts';
import type { SubscriptionDestinations } from '../services/logs/parts.ts';
import { subscriptionPayloads } from '../services/logs/subscription.ts';
import type { EventSource, EventTargets } from '../services/s3/notifications/targets.ts';
import type { SqliteDeliveries } from '../store/deliveries/deliveries.ts';

const functionArn = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:/;

/** A topic is told through the outbox, a function as by an asynchronous invocation. */
export function alarmActions({ targets, deliveries }: Pick<BucketTargetParts, 'targets' | 'deliveries'>): AlarmActions {
  return {
    knows: (arn) => /^arn:aws[a-z-]*:(lambda|sns):/.test(arn) && targets.knows(arn),
    perform(target, { subject, notification, event }, { arn, accountId }) {
      const toFunction = functionArn.test(target);
      const service = `${toFunction ? 'lambda.alarms.' : ''}cloudwatch.amazonaws.com`;
      const source = { service, arn, accountId };
      return deliveries.add([{ target, source, subject, body: toFunction ? event : notification }]);
    },
  };
}

export interface SubscriptionParts {
  readonly accept: AcceptEvent;
  refusal(invocation: ServiceInvocation): string | undefined;
  readonly random: Random;
}

export function subscriptionDestinations({ accept, refusal, random }: SubscriptionParts): SubscriptionDestinations {
  return {
    refusal(arn, { accountId, region }, group) {
      if (!functionArn.test(arn)) return `Cannot deliver to ${arn}: the destination must be the ARN of a function`;
      // Each delivery would make lines that make deliveries.
      if (arn.split(':')[6] === group.replace(/^\/aws\/lambda\//, '')) {
        return 'Cannot deliver to the function that logs into this log group: it would never come to an end';
      }
      const why = refusal({ ...source(accountId, region, group), functionArn: arn });
      return (
        why &&
        `Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function. (${why})`
      );
    },
    async deliver(target, filter, events) {
      const payloads = await subscriptionPayloads(target, filter, events, () => random.hex(28));
      const from = source(target.accountId, target.region, target.group);
      await Promise.all(payloads.map((payload) => accept({ ...from, functionArn: filter.destinationArn, payload })));
    },
  };
}

function source(accountId: string, region: string, group: string) {
  const sourceArn = `arn:aws:logs:${region}:${accountId}:log-group:${group}:*`;
  return { service: 'logs.amazonaws.com', sourceArn, sourceAccount: accountId };
}

export interface BucketTargetParts {
  readonly join: JoinEvent;
  refusal(invocation: ServiceInvocation): string | undefined;
  readonly targets: Targets;
  readonly deliveries: SqliteDeliveries;
  readonly log: Log;
}

/** A function that S3 may not invoke any more is not told, as on AWS; the log says so. */
export function bucketTargets({ join, refusal, targets, deliveries, log }: BucketTargetParts): EventTargets {
  const invocation = (functionArn: string, { bucketArn: sourceArn, accountId: sourceAccount }: EventSource) => {
    return { functionArn, service: 's3.amazonaws.com', sourceArn, sourceAccount };
  };
  const lambda: EventTargets[string] = {
    refusal: (arn, source) => refusal(invocation(arn, source)),
    joined(arn, { source, ...event }) {
      try {
        return join({ ...invocation(arn, source), ...event });
      } catch (error) {
        if (!(error instanceof NotAcceptedError)) throw error;
        log.warn('Cannot tell a function of an object', { bucket: source.bucketArn, why: error.message });
        return { statements: [], committed() {} };
      }
    },
  };
  const delivered: EventTargets[string] = {
    refusal: (target, source) => targets.refusal({ target, source: bucketSource(source) })?.message,
    joined: (target, { source, payload, traceHeader }) =>
      deliveries.joined([{ target, source: bucketSource(source), body: payload.toString(), traceHeader }]),
  };
  return { lambda, sqs: delivered, sns: delivered };
}

function bucketSource({ bucketArn: arn, accountId }: EventSource): ParcelSource {
  return { service: 's3.amazonaws.com', arn, accountId };
}
