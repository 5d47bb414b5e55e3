import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { Random } from '../../base/random.ts';
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

/** `written` settles with the write of what was published first. */
type Known = Published & { readonly written: Promise<void> };

interface Planned {
  readonly answer: PublishedAs;
  /** Absent of what was published before. */
  readonly fresh?: Fresh;
  readonly known?: Known;
}

interface Fresh {
  readonly message: CheckedMessage;
  readonly wanted: readonly { readonly subscription: Subscription; readonly notification: Notification }[];
  readonly remembered?: Published;
}

/** Signatures by what they are of: one costs more than all the rest of publishing. */
type Signatures = ReadonlyMap<string, Signed>;

const deduplicationMs = 5 * 60_000;
const unsigned: Signed = { SignatureVersion: '1', Signature: '' };

/** What is published becomes deliveries to everybody who wants it, in one write. */
export class Publishing {
  readonly #parts: PublishingParts;
  /** By topic and identity, in the order in which they expire. */
  readonly #known = new Map<string, Known>();
  #lastSequence = 0;

  constructor(parts: PublishingParts) {
    this.#parts = parts;
    for (const each of parts.store.published(parts.clock.now())) {
      this.#known.set(keyOf(each), { ...each, written: Promise.resolve() });
    }
  }

  /** On the disk when it resolves. Messages of a FIFO topic are written in the order of the calls: nothing waits before. */
  async publish(topic: Topic, messages: readonly CheckedMessage[]): Promise<PublishedAs[]> {
    const written = deferred<void>();
    written.promise.catch(() => {}); // whoever waits for it hears of it there
    const planned = messages.map((message) => this.#plan(topic, message, written.promise));
    const fresh = planned.flatMap((each) => each.fresh ?? []);
    try {
      const signatures: Signatures = isFifo(topic) ? new Map() : await this.#signatures(topic, fresh);
      const deliveries = fresh.flatMap((each) => deliveriesOf(topic, each, signatures));
      const remembered = fresh.flatMap((each) => each.remembered ?? []);
      await this.#parts.store.publish(this.#parts.deliveries.joined(deliveries), remembered);
      written.resolve();
    } catch (error) {
      written.reject(error);
      throw error;
    }
    await Promise.all(planned.map(({ known }) => known?.written));
    return planned.map(({ answer }) => answer);
  }

  #plan(topic: Topic, message: CheckedMessage, written: Promise<void>): Planned {
    const now = this.#parts.clock.now();
    const id = identityOf(topic, message);
    const known = id === undefined ? undefined : this.#known.get(keyOf({ topicArn: topic.arn, id }));
    if (known !== undefined && known.expiresAt > now) {
      return { answer: { messageId: known.messageId, sequenceNumber: known.sequenceNumber }, known };
    }
    const answer = this.#answer(topic, now);
    const { messageId, sequenceNumber = '' } = answer;
    const expiresAt = now + deduplicationMs;
    const remembered = id === undefined ? undefined : { topicArn: topic.arn, id, expiresAt, messageId, sequenceNumber };
    if (remembered !== undefined) this.#remember({ ...remembered, written }, now);
    return { answer, fresh: { message, wanted: this.#wanted(topic, message, answer, now), remembered } };
  }

  #answer(topic: Topic, now: number): PublishedAs {
    const messageId = this.#parts.random.uuid();
    if (!isFifo(topic)) return { messageId };
    // Rises also across restarts, without being kept.
    this.#lastSequence = Math.max(this.#lastSequence + 1, now * 1000);
    return { messageId, sequenceNumber: String(10_000_000_000_000_000_000n + BigInt(this.#lastSequence)) };
  }

  #wanted(topic: Topic, message: CheckedMessage, answer: PublishedAs, now: number): Fresh['wanted'] {
    const { subject, attributes } = message;
    const timestamp = new Date(now).toISOString();
    const notification = { ...answer, topicArn: topic.arn, subject, message: message.body, attributes, timestamp };
    return this.#parts.store
      .subscriptionsOf(topic.arn)
      .filter((one) => one.token === undefined && filterOf(one)(notification))
      .map((subscription) => {
        const text = message.byProtocol[subscription.protocol] ?? message.body;
        return { subscription, notification: { ...notification, message: text } };
      });
  }

  /** Nothing in a raw message could be signed. */
  async #signatures(topic: Topic, fresh: readonly Fresh[]): Promise<Signatures> {
    const signedOnes = fresh.flatMap(({ wanted }) => wanted.filter(({ subscription }) => !isRaw(subscription)));
    const texts = new Set(signedOnes.map(({ notification }) => signedText(notification)));
    const version = topic.attributes.SignatureVersion ?? '1';
    const sign = async (text: string) => [text, await this.#parts.signer.sign(text, version)] as const;
    return new Map(await Promise.all([...texts].map(sign)));
  }

  #remember(known: Known, now: number): void {
    const key = keyOf(known);
    this.#known.delete(key);
    this.#known.set(key, known);
    // What was not written was not published.
    known.written.catch(() => {
      if (this.#known.get(key) === known) this.#known.delete(key);
    });
    for (const [old, { expiresAt }] of this.#known) {
      if (expiresAt > now) break;
      this.#known.delete(old);
    }
  }
}

function deliveriesOf(topic: Topic, { message, wanted }: Fresh, signatures: Signatures): NewDelivery[] {
  const { groupId, deduplicationId, traceHeader } = message;
  return wanted.map(({ subscription, notification }) => {
    const signed = signatures.get(signedText(notification)) ?? unsigned;
    return deliveryOf({ topic, subscription, notification, signed, groupId, deduplicationId, traceHeader });
  });
}

/** On topics whose throughput is per group, identities count for each group alone. */
function identityOf(topic: Topic, { deduplicationId, groupId = '' }: CheckedMessage): string | undefined {
  if (!isFifo(topic) || deduplicationId === undefined) return undefined;
  const group = topic.attributes.FifoThroughputScope === 'MessageGroup' ? groupId : '';
  return `${group}\n${deduplicationId}`;
}

function keyOf({ topicArn, id }: Pick<Published, 'topicArn' | 'id'>): string {
  return `${topicArn}\n${id}`;
}
