/** Records of a stream that no attempt could bring to their function, and who is told of them (reference: lambda-semantics 5.3). */
import type { Delivery } from '../../invoke/delivery.ts';
import { functionArn } from '../../model/function.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import type { Envelope } from '../source.ts';
import type { StreamSource } from '../stream.ts';
import type { Attempt, Condition } from './batch-progress.ts';

export interface GivenUp extends Attempt {
  readonly condition: Condition;
}

export interface Circumstances {
  readonly mapping: Mapping;
  readonly source: Pick<StreamSource, 'batchInfo' | 'batchInfoName' | 'envelope'>;
  readonly lane: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Names what is told. */
  readonly id: string;
}

export interface Message {
  readonly delivery: Delivery;
  readonly payload: Buffer;
}

/** Undefined for a mapping that wants nobody to be told. */
export function messageOf(lost: GivenUp, circumstances: Circumstances): Message | undefined {
  const arn = circumstances.mapping.configuration.DestinationConfig?.OnFailure?.Destination;
  const delivery = arn === undefined ? undefined : deliveryTo(arn, circumstances);
  if (delivery === undefined) return undefined;
  const envelope = envelopeOf(lost, circumstances);
  // A bucket has room for the records themselves.
  const whole =
    delivery.to === 'bucket' ? { ...envelope, payload: eventOf(lost, circumstances.source.envelope) } : envelope;
  return { delivery, payload: Buffer.from(JSON.stringify(whole)) };
}

function deliveryTo(arn: string, { mapping, lane, now, id }: Circumstances): Delivery | undefined {
  switch (arn.split(':')[2]) {
    case 'sqs':
      return { to: 'queue', arn };
    case 'sns':
      return { to: 'topic', arn };
    case 's3': {
      const time = new Date(now).toISOString();
      const day = time.slice(0, 10).replaceAll('-', '/');
      const name = `${time.slice(0, 19).replaceAll(':', '.')}-${id}`;
      return { to: 'bucket', arn, key: `aws/lambda/${mapping.uuid}/${lane}/${day}/${name}` };
    }
    default:
      return undefined;
  }
}

function envelopeOf(
  { records, failures, last, condition }: GivenUp,
  { mapping, source, lane, now, id }: Circumstances,
) {
  const { accountId, region, functionName: name } = mapping;
  return {
    requestContext: {
      requestId: last?.requestId ?? id,
      // Without its qualifier, as AWS has it here.
      functionArn: functionArn({ accountId, region, name }),
      condition,
      approximateInvokeCount:
        last === undefined ? failures : failures + (condition === 'RetryAttemptsExhausted' ? 1 : 0),
    },
    responseContext: last && {
      statusCode: 200,
      executedVersion: last.executedVersion,
      functionError: last.functionError ?? null,
    },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    [source.batchInfoName]: source.batchInfo(lane, records),
  };
}

function eventOf({ records }: GivenUp, { before, after }: Envelope): string {
  return before + records.map(({ json }) => json).join(',') + after;
}
