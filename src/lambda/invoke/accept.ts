/** Events that services of this server have for functions: asked whether they may, then accepted as Invoke with Event is. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Joined } from '../../store/sqlite/unit.ts';
import { functionArn as arnOf } from '../model/function.ts';
import { meantFunction } from '../model/names.ts';
import { type VersionSources, versionToRun } from '../model/qualifier.ts';
import type { AsyncEvent, AsyncStore } from './async-store.ts';
import type { MayInvoke, ServiceInvocation } from './permission.ts';

export interface AcceptParts {
  readonly sources: VersionSources;
  readonly async: AsyncStore;
  readonly mayInvoke: MayInvoke;
  readonly clock: Clock;
  readonly random: Random;
  /** An event was accepted: the queue has work. */
  accepted(): void;
}

/** The function takes no event of that service: it is not there, or its policy does not let the service in. */
export class NotAcceptedError extends Error {
  override readonly name = 'NotAcceptedError';
}

export interface ServiceEvent extends ServiceInvocation {
  /** JSON. */
  readonly payload: Buffer;
  /** Of what caused it, so that a chain through functions is known as one. */
  readonly traceHeader?: string | undefined;
}

export type AcceptEvent = (event: ServiceEvent) => Promise<void>;

/** Durable when it resolves; rejects with `NotAcceptedError` where trying again is of no use. */
export function acceptEvents(parts: AcceptParts): AcceptEvent {
  return async (event) => {
    await parts.async.add(asyncEvent(parts, event));
    parts.accepted();
  };
}

export type JoinEvent = (event: ServiceEvent) => Joined;

/** For a commit that the event's cause makes; throws `NotAcceptedError`. */
export function joinEvents(parts: AcceptParts & { readonly async: JoiningStore }): JoinEvent {
  return (event) => {
    const { statements, committed } = parts.async.joined(asyncEvent(parts, event));
    return {
      statements,
      committed() {
        committed();
        parts.accepted();
      },
    };
  };
}

export interface JoiningStore extends AsyncStore {
  joined(event: AsyncEvent): Joined;
}

function asyncEvent(parts: AcceptParts, { payload, traceHeader, ...invocation }: ServiceEvent): AsyncEvent {
  const { clock, random } = parts;
  const why = refusalOf(parts, invocation);
  const named = meantFunction(invocation.functionArn, { region: '', accountId: '' });
  if (why !== undefined || named === undefined) throw new NotAcceptedError(why);
  const now = clock.now();
  const { accountId, region, name: functionName } = named.key;
  return {
    id: random.uuid(),
    accountId,
    region,
    functionName,
    qualifier: named.qualifier,
    payload,
    traceHeader,
    acceptedAt: now,
    attempts: 0,
    nextAttemptAt: now,
  };
}

/** Why the function would not take an event, or undefined. */
export function refusalOf({ sources, mayInvoke }: AcceptParts, invocation: ServiceInvocation): string | undefined {
  const { functionArn, service } = invocation;
  const named = meantFunction(functionArn, { region: '', accountId: '' });
  if (named === undefined) return `Not the ARN of a function: ${functionArn}`;
  if (versionToRun(sources, named.key, named.qualifier) === undefined) {
    return `Function not found: ${arnOf(named.key, named.qualifier)}`;
  }
  if (mayInvoke(invocation)) return undefined;
  return `${service} may not invoke ${functionArn}: the function's policy does not allow it`;
}
