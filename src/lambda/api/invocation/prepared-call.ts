/**
 * What every invocation is checked for before anything runs, in AWS's order. It reads one snapshot and asks the
 * control plane nothing more; while an update is being made ready the snapshot before it answers (reference:
 * lambda-semantics 1.7, 2.1).
 */
import type { RequestContext } from '../../../aws/operation.ts';
import type { InvokeRequest } from '../../invoke/door.ts';
import { traceHeader } from '../../invoke/trace-header.ts';
import { functionNotFound, invalidParameterValue, notNow, snapshotNotReady } from '../../model/errors.ts';
import { type FunctionVersion, functionArn } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import { versionToRun } from '../../model/qualifier.ts';
import { isSnapStarted } from '../../model/snap-start.ts';
import type { LambdaParts } from '../parts.ts';
import { decodedClientContext } from './client-context.ts';
import { checkedPayload } from './payload.ts';

/** What the operations that invoke have in common. */
export interface InvocationInput {
  readonly FunctionName?: string;
  readonly Qualifier?: string;
  readonly Payload?: Uint8Array;
  readonly ClientContext?: string;
  readonly LogType?: string;
  readonly TenantId?: string;
  readonly DurableExecutionName?: string;
}

export interface CallInput {
  readonly input: InvocationInput;
  readonly context: RequestContext;
  readonly type: 'RequestResponse' | 'Event' | 'DryRun';
}

export interface PreparedCall extends CallInput {
  readonly payload: Buffer;
  readonly trace: string;
  readonly callerTrace: string;
  readonly qualifier: string | undefined;
  readonly version: FunctionVersion;
}

export function preparedCall(parts: LambdaParts, call: CallInput): PreparedCall {
  const { input, context, type } = call;
  const named = namedFunction(input.FunctionName, context, input.Qualifier);
  const version = versionToRun(parts, named.key, named.qualifier);
  if (version === undefined) throw functionNotFound(functionArn(named.key, named.qualifier));
  refuseUnsupported(input);
  const payload = checkedPayload(input.Payload, type);
  // AWS runs nothing of a function that was never ready, an asynchronous event not either.
  if (version.state.value === 'Pending' && isSnapStarted(version)) throw snapshotNotReady();
  if (version.state.value !== 'Active') throw notNow(version.state.value);
  const callerTrace = context.headers['x-amzn-trace-id'] ?? '';
  const trace = traceHeader(callerTrace, parts, () => parts.sampler.samples(version));
  context.responseHeaders['X-Amzn-Trace-Id'] = trace;
  return { ...call, payload, trace, callerTrace, qualifier: named.qualifier, version };
}

/** For the door. */
export function requestOf(call: PreparedCall): InvokeRequest {
  return new CalledInvoke(call);
}

class CalledInvoke implements InvokeRequest {
  readonly version: FunctionVersion;
  readonly invokedArn: string;
  readonly requestId: string;
  readonly payload: Buffer;
  readonly clientContext: string | undefined;
  readonly traceHeader: string;
  readonly callerTrace: string;
  readonly logTail: boolean;
  readonly #context: RequestContext;

  constructor({ input, context, payload, trace, callerTrace, qualifier, version }: PreparedCall) {
    this.version = version;
    this.invokedArn = functionArn(version, qualifier);
    this.requestId = context.requestId;
    this.payload = payload;
    this.clientContext = decodedClientContext(input.ClientContext);
    this.traceHeader = trace;
    this.callerTrace = callerTrace;
    this.logTail = input.LogType === 'Tail';
    this.#context = context;
  }

  /** Asked for only by those who have to wait. */
  get signal(): AbortSignal {
    return this.#context.signal;
  }
}

function refuseUnsupported({ DurableExecutionName, TenantId }: InvocationInput): void {
  if (DurableExecutionName !== undefined) {
    throw invalidParameterValue('Cannot name a durable execution: the function is not a durable function');
  }
  if (TenantId !== undefined) {
    throw invalidParameterValue('Cannot invoke for a tenant: the function does not isolate tenants');
  }
}
