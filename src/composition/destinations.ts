/** Who can be told how an asynchronous invocation ended: what takes parcels, and is neither a bus nor a bucket yet. */
import { Undeliverable } from '../delivery/parcel.ts';
import type { Targets as ParcelTargets } from '../delivery/targets.ts';
import type { Delivery, DeliveryContent, Targets } from '../lambda/invoke/delivery.ts';

/** The queue of asynchronous events is there before the services, which need it. */
export class Destinations implements Targets {
  #targets: ParcelTargets | undefined;

  open(targets: ParcelTargets): void {
    this.#targets = targets;
  }

  reaches(arn: string): boolean {
    return this.#targets?.knows(arn) ?? false;
  }

  async deliver(delivery: Delivery, content: DeliveryContent) {
    if (this.#targets === undefined) throw new Error('The services are not there yet');
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
