import type { ServerResponse } from 'node:http';
import type { Random } from '../../../base/random.ts';
import type { ExtensionState } from '../../lifecycle/extension.ts';
import type { ExtensionStatus, Subscribed } from '../platform-events.ts';
import type { Refusal } from '../runtime-api/session.ts';
import type { Api, Subscription } from '../telemetry-api/subscription.ts';
import type { Telemetry } from '../telemetry-api/telemetry.ts';
import { type EventType, Extension, extensionsMax } from './extension.ts';
import * as refusals from './refusals.ts';

/** What registration tells an extension of its function. */
export interface FunctionFacts {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly handler: string;
  readonly accountId: string;
}

export interface InvokeEvent {
  readonly deadlineMs: number;
  readonly requestId: string;
  readonly invokedArn: string;
  readonly traceHeader?: string;
}

export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

/** What the extensions of an environment do that concerns it. */
export type ExtensionsEvent =
  /** All that are there have asked for their next event. */
  | { readonly type: 'extensions-idle' }
  | { readonly type: 'extension-failed'; readonly errorType: string; readonly message: string }
  /** For the log. */
  | { readonly type: 'extension-state'; readonly record: ExtensionStatus }
  | { readonly type: 'subscribed'; readonly api: Api; readonly record: Subscribed };

export interface ExtensionsParts {
  /** Executables that are started, by their names. */
  readonly external: readonly string[];
  readonly facts: FunctionFacts;
  readonly random: Random;
  readonly telemetry: Telemetry;
  tell(event: ExtensionsEvent): void;
}

/** The extensions of one environment, from its start to its end (reference: lambda-semantics 3.2, 3.3). */
export class Extensions {
  readonly facts: FunctionFacts;
  readonly telemetry: Telemetry;
  readonly #parts: ExtensionsParts;
  readonly #all: Extension[];
  readonly #registered = Promise.withResolvers<void>();
  #open = true;

  constructor(parts: ExtensionsParts) {
    this.#parts = parts;
    this.facts = parts.facts;
    this.telemetry = parts.telemetry;
    this.#all = parts.external.map((name) => new Extension({ name, external: true }));
    this.#registered.promise.catch(() => {});
    if (this.#all.length === 0) this.#registered.resolve();
  }

  get count(): number {
    return this.#all.length;
  }

  /** Whether nobody has anything to do; so it is without any. */
  get idle(): boolean {
    return this.#all.every((extension) => extension.idle);
  }

  /** When all external ones have registered, which the runtime waits for; rejects when that will not be. */
  get registered(): Promise<void> {
    return this.#registered.promise;
  }

  register(name: string, events: readonly string[]): Extension | Refusal {
    if (name === '') return refusals.emptyName;
    const launched = this.#all.find((extension) => extension.external && extension.name === name);
    if (launched === undefined) return this.#registerInternal(name, events);
    const wrong = events.find((event) => event !== 'INVOKE' && event !== 'SHUTDOWN');
    if (wrong !== undefined) return refusals.invalidEventType(`${wrong}: invalid event type`);
    if (this.#all.indexOf(launched) >= extensionsMax) return refusals.tooMany;
    if (!launched.on('register')) return refusals.invalidState(launched.state, 'Register');
    this.#admit(launched, events);
    // One that has failed takes the environment with it: there is no runtime to start.
    if (this.#all.every(({ identifier, state }) => identifier !== undefined && alive(state)))
      this.#registered.resolve();
    return launched;
  }

  find(identifier: string): Extension | undefined {
    return this.#all.find((extension) => extension.identifier === identifier);
  }

  next(extension: Extension, response: ServerResponse): Refusal | undefined {
    const first = extension.state === 'registered';
    if (!extension.next(response)) return refusals.invalidState(extension.state, 'Ready');
    if (first) this.#log(extension, 'Ready');
    if (this.idle) this.#parts.tell({ type: 'extensions-idle' });
    return undefined;
  }

  failed(extension: Extension, how: 'init-error' | 'exit-error', claimed: string): Refusal | undefined {
    const state = how === 'init-error' ? 'InitError' : 'ExitError';
    if (!extension.on(how)) return refusals.invalidState(extension.state, state);
    this.#fail(extension, { state, errorType: `Extension.${state}`, message: claimed });
    return undefined;
  }

  /** Of those who have registered and not yet asked for their first event. */
  subscribe(extension: Extension, subscription: Subscription): Refusal | undefined {
    const { api, types } = subscription;
    if (extension.state !== 'registered') return refusals.subscriptionClosed(api);
    this.telemetry.subscribe(extension.name, subscription);
    this.#parts.tell({ type: 'subscribed', api, record: { name: extension.name, state: 'Subscribed', types } });
    return undefined;
  }

  /** The process of an external one has ended. Before it registered, it may never have been one. */
  exited(name: string, { status, text }: { readonly status: number; readonly text: string }): void {
    const extension = this.#all.find((candidate) => candidate.external && candidate.name === name);
    if (extension === undefined) return;
    const { state } = extension;
    extension.on('exited');
    if (state === 'failed' || state === 'gone') return;
    const unable = state === 'launched' && (status === 126 || status === 127);
    if (unable) this.#fail(extension, { state: 'LaunchError', errorType: 'Extension.LaunchError', message: text });
    else this.#fail(extension, { state: 'ExitError', errorType: 'Extension.Crash', message: text });
  }

  /** The runtime has asked for its first event: who has not registered is too late. */
  closeRegistration(): void {
    this.#open = false;
  }

  invoke({ deadlineMs, requestId, invokedArn, traceHeader }: InvokeEvent): void {
    const event = {
      eventType: 'INVOKE',
      deadlineMs,
      requestId,
      invokedFunctionArn: invokedArn,
      ...(traceHeader === undefined ? {} : { tracing: { type: 'X-Amzn-Trace-Id', value: traceHeader } }),
    };
    for (const extension of this.#all) if (extension.events.includes('INVOKE')) extension.hand(event);
  }

  shutdown(shutdownReason: ShutdownReason, deadlineMs: number): void {
    const event = { eventType: 'SHUTDOWN', shutdownReason, deadlineMs };
    for (const extension of this.#all) if (extension.events.includes('SHUTDOWN')) extension.hand(event);
  }

  close(): void {
    this.#open = false;
    this.#registered.reject(new Error('The environment ended before its extensions had registered'));
    for (const extension of this.#all) extension.close();
    this.telemetry.close();
  }

  #registerInternal(name: string, events: readonly string[]): Extension | Refusal {
    if (!this.#open) return refusals.registrationClosed;
    if (this.#all.some((extension) => extension.name === name)) return refusals.invalidState('Registered', 'Register');
    const wrong = events.find((event) => event !== 'INVOKE');
    if (wrong !== undefined) {
      const why = wrong === 'SHUTDOWN' ? 'event type not supported for internal extensions' : 'invalid event type';
      return refusals.invalidEventType(`${wrong}: ${why}`);
    }
    if (this.#all.length >= extensionsMax) return refusals.tooMany;
    const extension = new Extension({ name, external: false });
    this.#all.push(extension);
    extension.on('register');
    this.#admit(extension, events);
    return extension;
  }

  #admit(extension: Extension, events: readonly string[]): void {
    extension.identifier = this.#parts.random.uuid();
    extension.events = events as readonly EventType[]; // checked by whoever admits
  }

  #fail(extension: Extension, failure: { state: string; errorType: string; message: string }): void {
    this.#log(extension, failure.state, failure.errorType);
    this.#parts.tell({ type: 'extension-failed', errorType: failure.errorType, message: failure.message });
  }

  #log({ name, events }: Extension, state: string, errorType?: string): void {
    this.#parts.tell({ type: 'extension-state', record: { name, state, events, errorType } });
  }
}

function alive(state: ExtensionState): boolean {
  return state !== 'failed' && state !== 'gone';
}
