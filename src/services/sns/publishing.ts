import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { Turns } from '../../base/turns.ts';
import type { NewDelivery } from '../../delivery/parcel.ts';
import type { SqliteDeliveries } from '../../store/deliveries/deliveries.ts';
import type { Published, Subscription, Topic, TopicStore } from '../../store/sns/topics.ts';
import type { CheckedMessage } from './message-input.ts';
import { type Notification, type Signed, signedText } from './notification.ts';
import type { Signer } from './signer.ts';
import { deliveryOf } from './subscriber.ts';
import { filterOf, isRaw } from './subscription-attributes.ts';
import { isFifo } from './topic-attributes.ts';

export interface PublishingParts {
  readonly store: TopicStore;
  readonly deliveries: SqliteDeliveries;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: Random;
}

export interface PublishedAs {
  readonly messageId: string;
  readonly sequenceNumber?: string;
}

const deduplicationMs = 5 * 60_000;
const unsigned: Signed = { SignatureVersion: '1', Signature: '' };

/** What is published becomes deliveries to everybody who wants it, in one write. */
export class Publishing {
  readonly #parts: PublishingParts;
  readonly #turns = new Turns();
  /** By topic and identity, in the order in which they expire. */
  readonly #published = new Map<string, Published>();
  #lastSequence = 0;

  constructor(parts: PublishingParts) {
    this.#parts = parts;
    for (const each of parts.store.published(parts.clock.now())) this.#published.set(keyOf(each), each);
  }

  /** On the disk when it resolves. Messages of a FIFO topic are in the order in which they were handed over. */
  publish(topic: Topic, messages: readonly CheckedMessage[]): Promise<PublishedAs[]> {
    if (!isFifo(topic)) return this.#publish(topic, messages);
    return this.#turns.take(topic.arn, () => this.#publish(topic, messages));
  }

  async #publish(topic: Topic, messages: readonly CheckedMessage[]): Promise<PublishedAs[]> {
    const now = this.#parts.clock.now();
    const answers: PublishedAs[] = [];
    const fresh: Published[] = [];
    const fanOut: Promise<NewDelivery[]>[] = [];
    for (const message of messages) {
      const id = identityOf(topic, message);
      const known = id === undefined ? undefined : this.#known({ topicArn: topic.arn, id }, fresh, now);
      if (known !== undefined) {
        answers.push({ messageId: known.messageId, sequenceNumber: known.sequenceNumber });
        continue;
      }
      const answer = this.#answer(topic, now);
      answers.push(answer);
      fanOut.push(this.#fanOut(topic, message, answer, now));
      if (id !== undefined) fresh.push(this.#remembered(topic, id, answer, now));
    }
    const deliveries = (await Promise.all(fanOut)).flat();
    await this.#parts.store.publish(this.#parts.deliveries.joined(deliveries), fresh);
    for (const each of fresh) this.#remember(each, now);
    return answers;
  }

  #answer(topic: Topic, now: number): PublishedAs {
    const messageId = this.#parts.random.uuid();
    if (!isFifo(topic)) return { messageId };
    // Rises also across restarts, without being kept.
    this.#lastSequence = Math.max(this.#lastSequence + 1, now * 1000);
    return { messageId, sequenceNumber: String(10_000_000_000_000_000_000n + BigInt(this.#lastSequence)) };
  }

  async #fanOut(topic: Topic, message: CheckedMessage, answer: PublishedAs, now: number): Promise<NewDelivery[]> {
    const { subject, attributes, groupId, deduplicationId, traceHeader } = message;
    const notification: Notification = {
      ...answer,
      topicArn: topic.arn,
      subject,
      message: message.body,
      attributes,
      timestamp: new Date(now).toISOString(),
    };
    const wanted = this.#parts.store
      .subscriptionsOf(topic.arn)
      .filter((one) => one.token === undefined && filterOf(one)(notification));
    const signatures = new Map<string, Promise<Signed>>();
    return Promise.all(
      wanted.map(async (subscription) => {
        const body = message.byProtocol[subscription.protocol] ?? message.body;
        const signed = await this.#signed(topic, subscription, { ...notification, message: body }, signatures);
        const content = { topic, subscription, notification, message: body, signed };
        return deliveryOf({ ...content, groupId, deduplicationId, traceHeader });
      }),
    );
  }

  /** Once a text: a signature costs more than all the rest. */
  #signed(
    topic: Topic,
    subscription: Subscription,
    notification: Notification,
    signatures: Map<string, Promise<Signed>>,
  ): Promise<Signed> {
    // AWS does not sign messages of FIFO topics, and nothing in a raw message could be signed.
    if (isFifo(topic) || isRaw(subscription)) return Promise.resolve(unsigned);
    const known = signatures.get(notification.message);
    if (known !== undefined) return known;
    const made = this.#parts.signer.sign(signedText(notification), topic.attributes.SignatureVersion ?? '1');
    signatures.set(notification.message, made);
    return made;
  }

  #known(place: Pick<Published, 'topicArn' | 'id'>, fresh: readonly Published[], now: number): Published | undefined {
    const known = this.#published.get(keyOf(place)) ?? fresh.find(({ id }) => id === place.id);
    return known === undefined || known.expiresAt <= now ? undefined : known;
  }

  #remembered(topic: Topic, id: string, { messageId, sequenceNumber = '' }: PublishedAs, now: number): Published {
    return { topicArn: topic.arn, id, expiresAt: now + deduplicationMs, messageId, sequenceNumber };
  }

  #remember(published: Published, now: number): void {
    const key = keyOf(published);
    this.#published.delete(key);
    this.#published.set(key, published);
    for (const [old, { expiresAt }] of this.#published) {
      if (expiresAt > now) break;
      this.#published.delete(old);
    }
  }
}

function identityOf(topic: Topic, { deduplicationId, groupId = '' }: CheckedMessage): string | undefined {
  if (!isFifo(topic) || deduplicationId === undefined) return undefined;
  const group = topic.attributes.FifoThroughputScope === 'MessageGroup' ? groupId : '';
  return `${group}\n${deduplicationId}`;
}

function keyOf({ topicArn, id }: Pick<Published, 'topicArn' | 'id'>): string {
  return `${topicArn}\n${id}`;
}
