import { AwsError } from '../../aws/errors.ts';
import type { Clock } from '../../base/clock.ts';
import { attributeValues } from '../../delivery/attribute-values.ts';
import { type Address, type Parcel, type Target, Undeliverable } from '../../delivery/parcel.ts';
import { letsServiceIn } from '../../iam/service-grant.ts';
import type { Topic, TopicStore } from '../../store/sns/topics.ts';
import { checkedMessage } from './message-input.ts';
import type { Publishing } from './publishing.ts';
import { ownStatementId } from './topic-attributes.ts';

export interface TopicTargetParts {
  readonly store: TopicStore;
  readonly publishing: Publishing;
  readonly clock: Clock;
}

/** Topics as targets of deliveries: a service needs leave of the topic's policy; a function publishes as its role. */
export class TopicTarget implements Target {
  readonly #parts: TopicTargetParts;

  constructor(parts: TopicTargetParts) {
    this.#parts = parts;
  }

  refusal({ target, source }: Address): Undeliverable | undefined {
    const topic = this.#parts.store.topic(target);
    if (topic === undefined) return new Undeliverable('NotFound', `The topic ${target} does not exist`);
    if (source.service === 'lambda.amazonaws.com' || this.#isOwnAlarm(topic, source)) return undefined;
    const allowed = letsServiceIn({
      service: source.service,
      sourceArn: source.arn,
      sourceAccount: source.accountId,
      action: 'sns:Publish',
      resource: target,
      policy: topic.attributes.Policy,
      now: this.#parts.clock.now(),
    });
    if (allowed) return undefined;
    return new Undeliverable(
      'AuthorizationError',
      `The policy of ${target} does not let ${source.service} publish for ${source.arn}`,
    );
  }

  async accept(parcel: Parcel): Promise<void> {
    const refusal = this.refusal(parcel);
    const topic = this.#parts.store.topic(parcel.target);
    if (refusal !== undefined || topic === undefined) throw refusal;
    const { publishing } = this.#parts;
    try {
      const message = checkedMessage(topic, inputOf(parcel));
      await publishing.publish(topic, [{ ...message, traceHeader: parcel.traceHeader }]);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new Undeliverable(error.code, `${parcel.target} takes no such message: ${error.message}`);
    }
  }

  /** The policy that a topic has by itself is for whatever is of its own account; alarms say whose they are, buckets do not. */
  #isOwnAlarm({ attributes, accountId }: Topic, source: Parcel['source']): boolean {
    if (source.service !== 'cloudwatch.amazonaws.com' || accountId !== source.accountId) return false;
    // Tools write down the policy that a topic has by itself, and add to it.
    return attributes.Policy === undefined || attributes.Policy.includes(`"${ownStatementId}"`);
  }
}

function inputOf({ body, subject, attributes, groupId, deduplicationId }: Parcel) {
  return {
    Message: body,
    Subject: subject === undefined ? undefined : fittingSubject(subject),
    MessageAttributes: attributeValues(attributes),
    MessageGroupId: groupId,
    MessageDeduplicationId: deduplicationId,
  };
}

/** An alarm's name may be longer than a subject, and in any script. */
function fittingSubject(subject: string): string | undefined {
  const fitting = subject
    .replace(/[^\x20-\x7e]/g, '?')
    .trimStart()
    .slice(0, 100);
  return fitting === '' ? undefined : fitting;
}
