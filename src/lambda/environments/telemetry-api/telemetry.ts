import { Socket } from 'node:net';
import type { Clock } from '../../../base/clock.ts';
import type { PlatformEvent } from '../platform-events.ts';
import { type Connect, deliveryTo } from './delivery.ts';
import { shownTo, type TelemetryEvent } from './records.ts';
import { Subscriber } from './subscriber.ts';
import type { Subscription } from './subscription.ts';

/** What is kept of an init, for those who subscribe in its course. */
const historyMax = 1000;

/** What one runtime and its extensions do, told to those extensions that want to know. */
export class Telemetry {
  readonly #clock: Clock;
  readonly #subscribers = new Map<string, Subscriber>();
  #history: TelemetryEvent[] | undefined = [];
  #connect: Connect | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether anybody listens, or may still come to. */
  get open(): boolean {
    return this.#history !== undefined || this.#subscribers.size > 0;
  }

  platform(event: PlatformEvent, at: number): void {
    this.#tell({ kind: 'platform', at, event });
  }

  line(
    kind: 'function' | 'extension',
    line: string,
    { at, json }: { readonly at: number; readonly json: boolean },
  ): void {
    this.#tell({ kind, at, line, json });
  }

  /** The sandbox stands, and can be reached. */
  connectWith(connect: Connect): void {
    this.#connect = connect;
  }

  /** Hears also what was told since init began. A second subscription of an extension takes the place of its first. */
  subscribe(name: string, subscription: Subscription): void {
    this.#subscribers.get(name)?.close();
    const delivery = deliveryTo(subscription.destination, (port) => this.#connect?.(port) ?? new Socket().destroy());
    const subscriber = new Subscriber({ subscription, clock: this.#clock, delivery });
    this.#subscribers.set(name, subscriber);
    for (const event of this.#history ?? []) this.#show(subscriber, event);
  }

  /** Nobody can subscribe any more. */
  initOver(): void {
    this.#history = undefined;
  }

  pause(): void {
    for (const subscriber of this.#subscribers.values()) subscriber.pause();
  }

  resume(): void {
    for (const subscriber of this.#subscribers.values()) subscriber.resume();
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#subscribers.values()].map((subscriber) => subscriber.flush()));
  }

  close(): void {
    this.#history = undefined;
    for (const subscriber of this.#subscribers.values()) subscriber.close();
    this.#subscribers.clear();
  }

  #tell(event: TelemetryEvent): void {
    for (const subscriber of this.#subscribers.values()) this.#show(subscriber, event);
    if (this.#history !== undefined && this.#history.length < historyMax) this.#history.push(event);
  }

  #show(subscriber: Subscriber, event: TelemetryEvent): void {
    for (const shown of shownTo(subscriber.subscription, event)) subscriber.tell(shown);
  }
}
