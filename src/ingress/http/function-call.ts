/** A service calls a function: whether its policy lets it, the version meant, the engine's door, and no longer than it waits. */
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { Random } from '../../base/random.ts';
import type { Door, InvokeRequest, InvokeResult, StreamingDoor, StreamResult } from '../../lambda/invoke/door.ts';
import { mayInvoke } from '../../lambda/invoke/permission.ts';
import { isUndecided } from '../../lambda/invoke/trace-header.ts';
import type { FunctionStore } from '../../lambda/model/function-store.ts';
import { syncPayloadBytesMax } from '../../lambda/model/limits.ts';
import { meantFunction } from '../../lambda/model/names.ts';
import { versionToRun } from '../../lambda/model/qualifier.ts';
import type { ResourceStore } from '../../lambda/model/resources.ts';

export interface FunctionCallParts {
  readonly functions: FunctionStore;
  readonly resources: ResourceStore;
  readonly door: Door;
  readonly clock: Clock;
  readonly random: Random;
}

export interface FunctionCall {
  readonly functionArn: string;
  /** As `apigateway.amazonaws.com`. */
  readonly service: string;
  readonly sourceArn: string;
  readonly sourceAccount: string;
  /**
   * The service acts as a role of the source's account: there the function's policy is not asked. Roles may do everything
   * in their account here until they have policies, and nothing in another.
   */
  readonly asRole?: boolean;
  readonly payload: Buffer;
  readonly requestId: string;
  readonly trace: string;
  /** The header that `trace` was made from, empty where there was none. */
  readonly callerTrace?: string;
  /** Longer than this nobody waits; the function runs on. */
  readonly waitMsMax: number;
}

interface NotCalled {
  readonly kind: 'missing' | 'forbidden' | 'not-ready' | 'too-large' | 'late';
}

export type FunctionCallResult = InvokeResult | NotCalled;

export async function callFunction(parts: FunctionCallParts, call: FunctionCall): Promise<FunctionCallResult> {
  const request = requestOf(parts, call);
  if ('kind' in request) return request;
  return inTime(parts, call.waitMsMax, (signal) => parts.door.invoke({ ...request, signal }));
}

/** For who passes an answer on as it is written; waits no longer than said for its beginning. */
export async function streamFunction(
  parts: FunctionCallParts & { readonly door: StreamingDoor },
  call: FunctionCall,
): Promise<StreamResult | NotCalled> {
  const request = requestOf(parts, call);
  if ('kind' in request) return request;
  return inTime(parts, call.waitMsMax, (signal) => parts.door.stream({ ...request, signal }));
}

function requestOf(parts: FunctionCallParts, call: FunctionCall): InvokeRequest | NotCalled {
  const { functionArn, payload, requestId, trace, callerTrace } = call;
  const undecided = callerTrace !== undefined && isUndecided(callerTrace);
  const named = meantFunction(functionArn, { accountId: '', region: '' });
  if (named === undefined) return { kind: 'missing' };
  const trusted = call.asRole === true && named.key.accountId === call.sourceAccount;
  if (!trusted && !mayInvoke(parts.resources, parts.clock)(call)) return { kind: 'forbidden' };
  const version = versionToRun(parts, named.key, named.qualifier);
  if (version === undefined) return { kind: 'missing' };
  if (version.state.value !== 'Active') return { kind: 'not-ready' };
  if (payload.length > syncPayloadBytesMax) return { kind: 'too-large' };
  return {
    version,
    invokedArn: functionArn,
    requestId,
    payload,
    traceHeader: trace,
    callerTrace,
    undecided,
    logTail: false,
  };
}

async function inTime<T extends StreamResult>(
  { clock }: FunctionCallParts,
  ms: number,
  invoke: (signal: AbortSignal) => Promise<T>,
): Promise<T | NotCalled> {
  const late = deferred<NotCalled>();
  let isLate = false;
  const waiting = new AbortController();
  const cancel = clock.after(ms, () => {
    isLate = true;
    late.resolve({ kind: 'late' });
    waiting.abort();
  });
  try {
    const result = invoke(waiting.signal);
    // Nobody waits for a result that is late, nor for why it failed.
    result.then(
      (answer) => isLate && answer.kind === 'streaming' && answer.body.destroy(),
      () => {},
    );
    return await Promise.race([result, late.promise]);
  } finally {
    cancel();
  }
}
