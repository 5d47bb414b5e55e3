/** Who can be told how an asynchronous invocation ended: a service that is not here yet is none. */
import type { Delivery, DeliveryContent, Targets } from '../lambda/invoke/delivery.ts';
import { sendToQueue } from '../services/sqs/send-to-queue.ts';
import type { Services } from './services.ts';

/** The queue of asynchronous events is there before the services, which need it. */
export class Destinations implements Targets {
  #services: Pick<Services, 'sqs'> | undefined;

  open(services: Pick<Services, 'sqs'>): void {
    this.#services = services;
  }

  reaches(arn: string): boolean {
    return arn.split(':')[2] === 'sqs';
  }

  async deliver(delivery: Delivery, content: DeliveryContent) {
    if (this.#services === undefined) throw new Error('The services are not there yet');
    if (delivery.to !== 'queue') return { refused: `This server cannot deliver to a ${delivery.to} yet` };
    return sendToQueue(this.#services.sqs, delivery.arn, { ...content, attributes: delivery.attributes });
  }
}
