import type { ServerResponse } from 'node:http';
import { advanceExtension, type ExtensionEvent, type ExtensionState } from '../../lifecycle/extension.ts';

/** External and internal ones together. */
export const extensionsMax = 10;

export type EventType = 'INVOKE' | 'SHUTDOWN';

export interface ExtensionFacts {
  readonly name: string;
  /** Started by us, from /opt/extensions; an internal one lives in the runtime's process. */
  readonly external: boolean;
}

/** One extension: what it may do, and the question for its next event that it may have open. */
export class Extension {
  readonly name: string;
  readonly external: boolean;
  /** Of its registration. */
  identifier: string | undefined;
  events: readonly EventType[] = [];
  #state: ExtensionState;
  #waiting: ServerResponse | undefined;
  #pending: object | undefined;

  constructor({ name, external }: ExtensionFacts) {
    this.name = name;
    this.external = external;
    this.#state = 'launched';
  }

  get state(): ExtensionState {
    return this.#state;
  }

  /** It has nothing to do: everything it was handed it has worked off. */
  get idle(): boolean {
    return this.#state === 'ready' && this.#pending === undefined;
  }

  /** False when its state does not allow that. */
  on(event: ExtensionEvent): boolean {
    const next = advanceExtension(this.#state, event);
    if (next === 'refused') return false;
    this.#state = next;
    return true;
  }

  /** Leaves the question open until there is an event; false when it asks while it is already asking. */
  next(response: ServerResponse): boolean {
    if (this.#waiting !== undefined || !this.on('next')) return false;
    this.#waiting = response;
    response.once('close', () => {
      if (this.#waiting === response) this.#waiting = undefined;
    });
    this.#deliver();
    return true;
  }

  /** Kept until it asks, where it does not ask just now. */
  hand(event: object): void {
    this.#pending = event;
    this.#deliver();
  }

  close(): void {
    this.#waiting?.destroy();
    this.#waiting = undefined;
  }

  #deliver(): void {
    const response = this.#waiting;
    if (response === undefined || this.#pending === undefined || this.#state !== 'ready') return;
    const bytes = Buffer.from(JSON.stringify(this.#pending));
    this.#pending = undefined;
    this.#waiting = undefined;
    this.on('invoke');
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': bytes.length,
      'Lambda-Extension-Event-Identifier': this.identifier ?? '',
    });
    response.end(bytes);
  }
}
