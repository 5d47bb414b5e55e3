/** What follows from an attempt at an asynchronous event: again, and when, or the end (reference: lambda-semantics 4.2). */
import { type EventInvokeConfig, eventAgeSecondsDefault, retryAttemptsDefault } from '../model/event-invoke-config.ts';
import type { AsyncEvent } from './async-store.ts';
import type { InvokeResult } from './door.ts';

/** AWS waits one minute before the second attempt and two before the third. */
const retryWaitMs = [60_000, 120_000];
const throttledWaitMsMin = 1_000;
const throttledWaitMsMax = 300_000;

/** As destinations are told it. */
export type Condition =
  | 'Success'
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  | 'ZeroReservedConcurrency'
  /** AWS does not publish its word for a chain that was stopped. */
  | 'RecursiveInvocation';

export type Next =
  | { readonly kind: 'again'; readonly attempts: number; readonly nextAttemptAt: number }
  | { readonly kind: 'end'; readonly condition: Condition; readonly attempts: number };

export interface Attempt {
  readonly event: AsyncEvent;
  readonly config: EventInvokeConfig | undefined;
  readonly now: number;
}

/** Before anything runs; undefined: go on. */
export function beforeAttempt({ event, config, now }: Attempt, blocked: boolean): Next | undefined {
  const { attempts } = event;
  if (blocked) return { kind: 'end', condition: 'ZeroReservedConcurrency', attempts };
  if (now - event.acceptedAt > eventAgeMsMax(config)) return { kind: 'end', condition: 'EventAgeExceeded', attempts };
  return undefined;
}

export function afterAttempt(attempt: Attempt, result: InvokeResult): Next {
  const { event, config, now } = attempt;
  const { attempts } = event;
  switch (result.kind) {
    case 'success':
      return { kind: 'end', condition: 'Success', attempts: attempts + 1 };
    case 'function-error':
      return afterFailure(attempt);
    case 'recursive':
      return { kind: 'end', condition: 'RecursiveInvocation', attempts };
    case 'throttled':
    case 'unavailable': {
      const nextAttemptAt = now + throttledWaitMs(now - event.acceptedAt);
      return inTime({ kind: 'again', attempts, nextAttemptAt }, event, config);
    }
  }
}

function afterFailure({ event, config, now }: Attempt): Next {
  const attempts = event.attempts + 1;
  const retries = config?.maximumRetryAttempts ?? retryAttemptsDefault;
  const waitMs = retryWaitMs[attempts - 1];
  if (attempts > retries || waitMs === undefined) return { kind: 'end', condition: 'RetriesExhausted', attempts };
  return inTime({ kind: 'again', attempts, nextAttemptAt: now + waitMs }, event, config);
}

function inTime(
  next: Extract<Next, { kind: 'again' }>,
  event: AsyncEvent,
  config: EventInvokeConfig | undefined,
): Next {
  if (next.nextAttemptAt - event.acceptedAt < eventAgeMsMax(config)) return next;
  return { kind: 'end', condition: 'EventAgeExceeded', attempts: next.attempts };
}

function eventAgeMsMax(config: EventInvokeConfig | undefined): number {
  return (config?.maximumEventAgeSeconds ?? eventAgeSecondsDefault) * 1000;
}

/** The longer it has been refused, the longer the next wait: about as long as it has already waited. */
export function throttledWaitMs(ageMs: number): number {
  return Math.min(throttledWaitMsMax, Math.max(throttledWaitMsMin, ageMs));
}
