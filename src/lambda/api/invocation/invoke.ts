/**
 * The hot path. It reads one snapshot and asks the control plane nothing more; while an update is being made ready the
 * snapshot before it answers (reference: lambda-semantics 1.7, 2.1).
 */

import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import type { RequestContext } from '../../../aws/operation.ts';
import type { InvokeResult } from '../../invoke/door.ts';
import {
  functionNotFound,
  invalidParameterValue,
  notNow,
  recursiveInvocation,
  service,
  tooManyRequests,
} from '../../model/errors.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { functionArn } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import { versionToRun } from '../../model/qualifier.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { decodedClientContext } from './client-context.ts';
import { checkedPayload } from './payload.ts';
import { traceHeader } from './trace-header.ts';

type Input = LambdaTypes['Invoke']['input'];
type Output = LambdaTypes['Invoke']['output'];

export function invoke(parts: LambdaParts): LambdaOperation<'Invoke'> {
  return {
    handle(input, context) {
      const named = namedFunction(input.FunctionName, context, input.Qualifier);
      const version = versionToRun(parts, named.key, named.qualifier);
      if (version === undefined) throw functionNotFound(functionArn(named.key, named.qualifier));
      refuseUnsupported(input);
      const type = input.InvocationType ?? 'RequestResponse';
      const payload = checkedPayload(input.Payload, type);
      // AWS runs nothing of a function that was never ready, an asynchronous event not either.
      if (version.state.value !== 'Active') throw notNow(version.state.value);
      if (type === 'DryRun') return { StatusCode: 204 };
      const trace = traceHeader(context.headers['x-amzn-trace-id'], parts);
      context.responseHeaders['X-Amzn-Trace-Id'] = trace;
      const call: Call = { input, context, payload, trace, qualifier: named.qualifier, version };
      return type === 'Event' ? accept(parts, call) : run(parts, call);
    },
  };
}

interface Call {
  readonly input: Input;
  readonly context: RequestContext;
  readonly payload: Buffer;
  readonly trace: string;
  readonly qualifier: string | undefined;
  readonly version: FunctionVersion;
}

async function run({ door }: LambdaParts, call: Call): Promise<Output> {
  const { version, qualifier, context, payload, trace, input } = call;
  const result = await door.invoke({
    version,
    invokedArn: functionArn(version, qualifier),
    requestId: context.requestId,
    payload,
    clientContext: decodedClientContext(input.ClientContext),
    traceHeader: trace,
    logTail: input.LogType === 'Tail',
    // Asked for only by those who have to wait.
    get signal() {
      return context.signal;
    },
  });
  return answer(result, version);
}

function answer(result: InvokeResult, { version }: FunctionVersion): Output {
  switch (result.kind) {
    case 'success':
    case 'function-error':
      return {
        StatusCode: 200,
        ExecutedVersion: version,
        Payload: result.payload,
        // AWS says Unhandled of every failure nowadays [R].
        FunctionError: result.kind === 'function-error' ? 'Unhandled' : undefined,
        LogResult: result.logTail?.toString('base64'),
      };
    case 'recursive':
      throw recursiveInvocation();
    case 'throttled':
      throw tooManyRequests(result.reason);
    case 'unavailable':
      throw service(result.message);
  }
}

/** The event is durable before the caller hears 202; every attempt will carry the caller's request id. */
async function accept({ async, clock, asyncAccepted }: LambdaParts, call: Call): Promise<Output> {
  const { version, context, qualifier, payload, trace } = call;
  const now = clock.now();
  await async.add({
    id: context.requestId,
    accountId: version.accountId,
    region: version.region,
    functionName: version.name,
    qualifier,
    payload,
    traceHeader: trace,
    acceptedAt: now,
    attempts: 0,
    nextAttemptAt: now,
  });
  asyncAccepted();
  return { StatusCode: 202 };
}

function refuseUnsupported({ DurableExecutionName, TenantId }: Input): void {
  if (DurableExecutionName !== undefined) {
    throw invalidParameterValue('Cannot name a durable execution: the function is not a durable function');
  }
  if (TenantId !== undefined) {
    throw invalidParameterValue('Cannot invoke for a tenant: the function does not isolate tenants');
  }
}
