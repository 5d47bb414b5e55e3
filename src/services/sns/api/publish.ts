import { passedTrace } from '../../../aws/trace-header.ts';
import { invalidParameter } from '../errors.ts';
import { checkedMessage } from '../message-input.ts';
import { type SnsParts, topicAt } from '../parts.ts';
import type { SnsOperation } from './types.ts';

export function publish(parts: SnsParts): SnsOperation<'Publish'> {
  return {
    async handle(input, context) {
      const { TopicArn, TargetArn, PhoneNumber } = input;
      if (PhoneNumber !== undefined) throw invalidParameter('PhoneNumber Reason: this server sends no text messages');
      if (TopicArn === undefined && TargetArn === undefined)
        throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
      const topic = topicAt(parts, context, TopicArn ?? TargetArn);
      const message = { ...checkedMessage(topic, input), traceHeader: passedTrace(context.headers['x-amzn-trace-id']) };
      const [published] = await parts.publishing.publish(topic, [message]);
      return { MessageId: published?.messageId, SequenceNumber: published?.sequenceNumber };
    },
  };
}
