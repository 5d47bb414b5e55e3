import { AwsError } from '../../aws/errors.ts';
import { passedTrace } from '../../aws/trace-header.ts';
import type { Clock } from '../../base/clock.ts';
import { attributeValues } from '../../delivery/attribute-values.ts';
import { type Address, type Parcel, type Target, Undeliverable } from '../../delivery/parcel.ts';
import { letsServiceIn } from '../../iam/service-grant.ts';
import type { Queues } from './engine/queues.ts';
import type { Sending } from './engine/sending.ts';
import { messageOf } from './message-input.ts';

export interface QueueTargetParts {
  readonly queues: Queues;
  readonly sending: Sending;
  readonly clock: Clock;
}

/** Queues as targets of deliveries: a service needs leave of the queue's policy; a function sends as its role. */
export class QueueTarget implements Target {
  readonly #parts: QueueTargetParts;

  constructor(parts: QueueTargetParts) {
    this.#parts = parts;
  }

  refusal({ target, source }: Address): Undeliverable | undefined {
    const queue = this.#parts.queues.byArn(target);
    if (queue === undefined) {
      return new Undeliverable('AWS.SimpleQueueService.NonExistentQueue', `The queue ${target} does not exist`);
    }
    if (source.service === 'lambda.amazonaws.com') return undefined;
    const allowed = letsServiceIn({
      service: source.service,
      sourceArn: source.arn,
      sourceAccount: source.accountId,
      action: 'sqs:SendMessage',
      resource: target,
      policy: queue.record.attributes.Policy,
      now: this.#parts.clock.now(),
    });
    if (allowed) return undefined;
    return new Undeliverable(
      'AccessDenied',
      `The policy of ${target} does not let ${source.service} send for ${source.arn}`,
    );
  }

  async accept(parcel: Parcel): Promise<void> {
    const refusal = this.refusal(parcel);
    const queue = this.#parts.queues.byArn(parcel.target);
    if (refusal !== undefined || queue === undefined) throw refusal;
    const message = readParcel(parcel, () => messageOf(queue, inputOf(parcel, queue.fifo), parcel.source.accountId));
    await this.#parts.sending.send(queue, [message]);
  }
}

function inputOf({ body, attributes, groupId, deduplicationId, traceHeader: given }: Parcel, fifo: boolean) {
  const traceHeader = passedTrace(given);
  const trace = { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } };
  return {
    MessageBody: body,
    MessageAttributes: attributeValues(attributes),
    MessageSystemAttributes: traceHeader === undefined ? undefined : trace,
    MessageGroupId: groupId,
    MessageDeduplicationId: fifo ? deduplicationId : undefined,
  };
}

/** What a queue does not take today it will not take tomorrow. */
function readParcel<Result>({ target }: Parcel, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof AwsError)
      throw new Undeliverable(error.code, `${target} takes no such message: ${error.message}`);
    throw error;
  }
}
