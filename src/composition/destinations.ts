/** Who can be told how an asynchronous invocation ended: what takes parcels, and buckets; no bus yet. */
import { Undeliverable } from '../delivery/parcel.ts';
import type { Targets as ParcelTargets } from '../delivery/targets.ts';
import type { Delivery, DeliveryContent, Targets } from '../lambda/invoke/delivery.ts';
import type { ExecutionRoles, Runner, Telling } from '../lambda/model/execution-roles.ts';
import type { PutBytes } from '../services/s3/put-bytes.ts';

export interface DestinationServices {
  readonly targets: ParcelTargets;
  readonly putBytes: PutBytes;
  readonly roles: Pick<ExecutionRoles, 'mayTell'>;
}

/** The queue of asynchronous events is there before the services, which need it. */
export class Destinations implements Targets {
  #targets: ParcelTargets | undefined;
  #putBytes: PutBytes | undefined;
  #roles: Pick<ExecutionRoles, 'mayTell'> | undefined;

  open({ targets, putBytes, roles }: DestinationServices): void {
    this.#targets = targets;
    this.#putBytes = putBytes;
    this.#roles = roles;
  }

  mayTell(runner: Runner, telling: Telling): boolean {
    return this.#roles?.mayTell(runner, telling) ?? false;
  }

  reaches(arn: string): boolean {
    return isBucket(arn) || (this.#targets?.knows(arn) ?? false);
  }

  async deliver(delivery: Delivery, content: DeliveryContent) {
    if (this.#targets === undefined || this.#putBytes === undefined) throw new Error('The services are not there yet');
    if (delivery.to === 'bucket') return putObject(this.#putBytes, delivery, content);
    if (delivery.to !== 'queue' && delivery.to !== 'topic') {
      return { refused: `This server cannot deliver to a ${delivery.to} yet` };
    }
    try {
      await this.#targets.accept(parcelOf(delivery.arn, delivery.attributes, content), new AbortController().signal);
      return 'delivered' as const;
    } catch (error) {
      if (error instanceof Undeliverable) return { refused: error.message };
      throw error;
    }
  }
}

async function putObject(putBytes: PutBytes, { arn, key }: BucketDelivery, content: DeliveryContent) {
  const { payload: bytes, accountId, traceHeader } = content;
  const stored = await putBytes({
    bucketArn: arn,
    key,
    contentType: 'application/json',
    bytes,
    accountId,
    traceHeader,
  });
  return stored === 'stored' ? ('delivered' as const) : stored;
}

type BucketDelivery = Extract<Delivery, { readonly to: 'bucket' }>;

function isBucket(arn: string): boolean {
  return arn.split(':')[2] === 's3';
}

/** A function tells as its role, which needs no leave of the target's policy. */
function parcelOf(
  target: string,
  attributes: Readonly<Record<string, { readonly type: string; readonly value: string }>> = {},
  { payload, traceHeader, accountId }: DeliveryContent,
) {
  return {
    target,
    source: { service: 'lambda.amazonaws.com', arn: `arn:aws:iam::${accountId}:root`, accountId },
    body: payload.toString(),
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { type, value: text }]) => [name, { type, text }]),
    ),
    traceHeader,
  };
}
