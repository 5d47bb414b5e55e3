import type { DatabaseSync } from 'node:sqlite';
import type { Joined, Statement, UnitWriter } from '../sqlite/unit.ts';

export const snsSchema = `
  CREATE TABLE sns_topic (arn TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE sns_subscription (arn TEXT PRIMARY KEY, topic TEXT NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX sns_subscription_topic ON sns_subscription (topic);
  CREATE TABLE sns_deduplication (
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    expires INTEGER NOT NULL,
    message TEXT NOT NULL,
    sequence TEXT NOT NULL,
    PRIMARY KEY (topic, id)
  ) WITHOUT ROWID;
  CREATE TABLE sns_signing (id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT NOT NULL, certificate TEXT NOT NULL);
`;

export interface Topic {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** As they were set; what was not set is absent. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  /** The account that subscribed. */
  readonly owner: string;
  /** Who subscribed. */
  readonly principalArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Until it is confirmed with it. */
  readonly token?: string;
  /** Whether it was confirmed by its own account. */
  readonly authenticated: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** How the subscriber called this server, for links in what it gets. */
  readonly server: string;
  /** A function subscribed it, who may not reach this machine by way of its topics either. */
  readonly inside?: true | undefined;
}

/** The same again is answered like the first one until then. */
export interface Published {
  readonly topicArn: string;
  readonly id: string;
  readonly expiresAt: number;
  readonly messageId: string;
  readonly sequenceNumber: string;
}

export interface SigningIdentity {
  /** Both as PEM. */
  readonly key: string;
  readonly certificate: string;
}

/** Topics and subscriptions: all of them in memory, and on the disk before a change of them is seen. */
export class TopicStore {
  readonly #reader: DatabaseSync;
  readonly #writer: UnitWriter;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #byTopic = new Map<string, Set<string>>();

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#reader = reader;
    this.#writer = writer;
    for (const { document } of reader.prepare('SELECT document FROM sns_topic').iterate()) {
      const topic: Topic = JSON.parse(String(document));
      this.#topics.set(topic.arn, topic);
    }
    for (const { document } of reader.prepare('SELECT document FROM sns_subscription').iterate()) {
      this.#keep(JSON.parse(String(document)));
    }
  }

  topic(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  /** In the order of their ARNs. */
  topicsIn({ accountId, region }: { accountId: string; region: string }): Topic[] {
    const found = [...this.#topics.values()].filter(
      (topic) => topic.accountId === accountId && topic.region === region,
    );
    return found.sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  async putTopic(topic: Topic): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO sns_topic (arn, document) VALUES (?, ?)';
    await this.#writer.write([{ sql, params: [topic.arn, JSON.stringify(topic)] }]);
    this.#topics.set(topic.arn, topic);
  }

  /** With its subscriptions. */
  async deleteTopic(arn: string): Promise<void> {
    await this.#writer.write([
      { sql: 'DELETE FROM sns_topic WHERE arn = ?', params: [arn] },
      { sql: 'DELETE FROM sns_subscription WHERE topic = ?', params: [arn] },
      { sql: 'DELETE FROM sns_deduplication WHERE topic = ?', params: [arn] },
    ]);
    this.#topics.delete(arn);
    for (const each of this.#byTopic.get(arn) ?? []) this.#subscriptions.delete(each);
    this.#byTopic.delete(arn);
  }

  subscription(arn: string): Subscription | undefined {
    return this.#subscriptions.get(arn);
  }

  subscriptionsOf(topicArn: string): Subscription[] {
    return [...(this.#byTopic.get(topicArn) ?? [])].flatMap((arn) => this.#subscriptions.get(arn) ?? []);
  }

  subscriptions(): Iterable<Subscription> {
    return this.#subscriptions.values();
  }

  /** `joined`: what is kept with it, as the message that asks for its confirmation. */
  async putSubscription(subscription: Subscription, joined?: Joined): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO sns_subscription (arn, topic, document) VALUES (?, ?, ?)';
    const { arn, topicArn } = subscription;
    const put: Statement = { sql, params: [arn, topicArn, JSON.stringify(subscription)] };
    await this.#writer.write([put, ...(joined?.statements ?? [])]);
    this.#keep(subscription);
    joined?.committed();
  }

  async deleteSubscription({ arn, topicArn }: Subscription): Promise<void> {
    await this.#writer.write([{ sql: 'DELETE FROM sns_subscription WHERE arn = ?', params: [arn] }]);
    this.#subscriptions.delete(arn);
    this.#byTopic.get(topicArn)?.delete(arn);
  }

  /** What was published is on the disk when it resolves: its deliveries, and what the same again is known by. */
  async publish(deliveries: Joined, published: readonly Published[]): Promise<void> {
    const remember = `
      INSERT OR REPLACE INTO sns_deduplication (topic, id, expires, message, sequence) VALUES (?, ?, ?, ?, ?)`;
    const remembered = published.map(({ topicArn, id, expiresAt, messageId, sequenceNumber }) => ({
      sql: remember,
      params: [topicArn, id, expiresAt, messageId, sequenceNumber],
    }));
    const unit = [...deliveries.statements, ...remembered];
    if (unit.length > 0) await this.#writer.write(unit);
    deliveries.committed();
  }

  published(now: number): Published[] {
    const rows = this.#reader.prepare('SELECT * FROM sns_deduplication WHERE expires > ? ORDER BY expires').all(now);
    return rows.map((row) => ({
      topicArn: String(row.topic),
      id: String(row.id),
      expiresAt: Number(row.expires),
      messageId: String(row.message),
      sequenceNumber: String(row.sequence),
    }));
  }

  async forgetPublished(now: number): Promise<void> {
    await this.#writer.write([{ sql: 'DELETE FROM sns_deduplication WHERE expires <= ?', params: [now] }]);
  }

  signingIdentity(): SigningIdentity | undefined {
    const row = this.#reader.prepare('SELECT key, certificate FROM sns_signing').get();
    return row === undefined ? undefined : { key: String(row.key), certificate: String(row.certificate) };
  }

  async keepSigningIdentity({ key, certificate }: SigningIdentity): Promise<void> {
    const sql = 'INSERT INTO sns_signing (id, key, certificate) VALUES (1, ?, ?)';
    await this.#writer.write([{ sql, params: [key, certificate] }]);
  }

  #keep(subscription: Subscription): void {
    const { arn, topicArn } = subscription;
    this.#subscriptions.set(arn, subscription);
    const arns = this.#byTopic.get(topicArn) ?? new Set();
    this.#byTopic.set(topicArn, arns.add(arn));
  }
}
