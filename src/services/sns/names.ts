import type { RequestContext } from '../../aws/operation.ts';
import { invalidParameter } from './errors.ts';

type Place = Pick<RequestContext, 'region' | 'accountId'>;

export function topicArn({ region, accountId }: Place, name: string): string {
  return `arn:aws:sns:${region}:${accountId}:${name}`;
}

/** 1 to 256 characters, `.fifo` included. */
export function isTopicName(name: string): boolean {
  return name.length <= 256 && /^[A-Za-z0-9_-]+(\.fifo)?$/.test(name);
}

/** Throws unless it looks like a topic's ARN of this region. */
export function checkedTopicArn(
  arn: string | undefined,
  { region }: Pick<Place, 'region'>,
  parameter = 'TopicArn',
): string {
  const parts = arn?.split(':') ?? [];
  if (arn === undefined || arn === '') throw invalidParameter(parameter);
  if (parts.length < 6) {
    throw invalidParameter(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  if (parts[2] !== 'sns' || parts[3] !== region || parts.length !== 6) throw invalidParameter(parameter);
  return arn;
}

/** The topic that a subscription's ARN starts with. */
export function topicOf(subscriptionArn: string): string {
  return subscriptionArn.split(':').slice(0, 6).join(':');
}
