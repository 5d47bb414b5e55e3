import { type FunctionVersion, functionArn } from '../model/function.ts';
import { type AsyncEvent, functionKeyOf } from './async-store.ts';
import type { InvocationMetrics } from './metrics.ts';

export type AsyncCount =
  | 'AsyncEventsReceived'
  /** It ended without success, whoever was told. */
  | 'AsyncEventsDropped'
  | 'DeadLetterErrors'
  | 'DestinationDeliveryFailures';

/** What AWS counts of asynchronous invocation (reference: lambda-semantics 9.2). */
export class AsyncMetrics {
  readonly #metrics: () => InvocationMetrics | undefined;

  /** The numbers go where those of invocations go, once that is there. */
  constructor(metrics: () => InvocationMetrics | undefined) {
    this.#metrics = metrics;
  }

  count(event: AsyncEvent, version: FunctionVersion | undefined, name: AsyncCount, at: number): void {
    if (version !== undefined) this.#metrics()?.count(version, invokedArn(event), name, at);
  }

  /** Before each attempt. */
  age(event: AsyncEvent, version: FunctionVersion, at: number): void {
    this.#metrics()?.lasted(version, invokedArn(event), { name: 'AsyncEventAge', ms: at - event.acceptedAt, at });
  }
}

function invokedArn(event: AsyncEvent): string {
  return functionArn(functionKeyOf(event), event.qualifier);
}
