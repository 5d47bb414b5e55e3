/** Senders, receivers that die, slow receivers and restarts of the server, on a false clock and from a seed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Scene, scene } from '../../src/services/sqs/testing/scene.ts';
import { dice } from '../harness/dice.ts';

const groups = ['a', 'b', 'c'];
const visibilitySeconds = 5;

interface Held {
  readonly group: string;
  readonly body: number;
  readonly handle: string;
  readonly until: number;
}

class World {
  readonly #scene: Scene;
  readonly #url: string;
  readonly #chance: () => number;
  /** By group, in the order of sending; what was deleted is gone from the front. */
  readonly sent = new Map<string, number[]>(groups.map((group) => [group, []]));
  #held: Held[] = [];
  #next = 1;

  constructor(given: Scene, url: string, chance: () => number) {
    this.#scene = given;
    this.#url = url;
    this.#chance = chance;
  }

  async step(): Promise<void> {
    const chance = this.#chance();
    if (chance < 0.35) await this.#send();
    else if (chance < 0.65) await this.receive(1 + Math.floor(this.#chance() * 4));
    else if (chance < 0.9) await this.#delete();
    else if (chance < 0.99) await this.#scene.clock.advance(Math.floor(this.#chance() * 3000));
    else await this.#scene.restart();
  }

  async receive(max: number): Promise<number> {
    const { Messages = [] } = await this.#scene.call('ReceiveMessage', {
      QueueUrl: this.#url,
      MaxNumberOfMessages: max,
      AttributeNames: ['All'],
    });
    const now = this.#scene.clock.now();
    const flying = this.#held.filter(({ until }) => until > now);
    for (const message of Messages) {
      const group = message.Attributes?.MessageGroupId ?? '';
      const body = Number(message.Body);
      assert.ok(
        !flying.some((other) => other.group === group),
        `group ${group} was received from while some of it flew`,
      );
      this.#held.push({ group, body, handle: message.ReceiptHandle ?? '', until: now + visibilitySeconds * 1000 });
    }
    for (const group of groups) {
      const got = Messages.filter(({ Attributes }) => Attributes?.MessageGroupId === group).map(({ Body }) =>
        Number(Body),
      );
      assert.deepEqual(got, this.sent.get(group)?.slice(0, got.length), `group ${group} came out of order`);
    }
    return Messages.length;
  }

  /** Its own first: who works through a group does so in order. */
  async #delete(): Promise<void> {
    const now = this.#scene.clock.now();
    const mine = this.#held.filter(({ until }) => until > now).sort((a, b) => a.body - b.body);
    const any = mine[Math.floor(this.#chance() * mine.length)];
    const chosen = mine.find(({ group }) => group === any?.group);
    if (chosen !== undefined) await this.#deleteHeld(chosen);
  }

  async deleteAll(): Promise<void> {
    for (const held of [...this.#held].sort((a, b) => a.body - b.body)) {
      if (held.until > this.#scene.clock.now()) await this.#deleteHeld(held);
    }
  }

  async #deleteHeld(chosen: Held): Promise<void> {
    await this.#scene.call('DeleteMessage', { QueueUrl: this.#url, ReceiptHandle: chosen.handle });
    this.#held = this.#held.filter((one) => one !== chosen);
    assert.equal(this.sent.get(chosen.group)?.shift(), chosen.body);
  }

  async #send(): Promise<void> {
    const group = groups[Math.floor(this.#chance() * groups.length)] ?? '';
    const body = this.#next++;
    await this.#scene.call('SendMessage', { QueueUrl: this.#url, MessageGroupId: group, MessageBody: String(body) });
    this.sent.get(group)?.push(body);
  }
}

for (const seed of [1, 4711, 90125]) {
  test(`a FIFO queue keeps order within groups and loses nothing (seed ${seed})`, async (t) => {
    const given = await scene(t);
    const url = await given.queue('q.fifo', {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      VisibilityTimeout: String(visibilitySeconds),
    });
    const world = new World(given, url, dice(seed));
    for (let step = 0; step < 400; step += 1) await world.step();
    // Nobody holds anything any more: all that is left comes, in order.
    await given.clock.advance(visibilitySeconds * 1000);
    let left = [...world.sent.values()].reduce((sum, { length }) => sum + length, 0);
    assert.ok(left > 10, 'too little was left to tell');
    while (left > 0) {
      const received = await world.receive(10);
      assert.ok(received > 0, `${left} messages are lost`);
      await world.deleteAll();
      left -= received;
    }
  });
}
