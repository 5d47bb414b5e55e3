/** The hot path (reference: lambda-semantics 2.1). */

import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import type { InvokeResult } from '../../invoke/door.ts';
import { recursiveInvocation, service, tooManyRequests } from '../../model/errors.ts';
import type { FunctionVersion } from '../../model/function.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { type PreparedCall, preparedCall, requestOf } from './prepared-call.ts';

type Output = LambdaTypes['Invoke']['output'];

export function invoke(parts: LambdaParts): LambdaOperation<'Invoke'> {
  return {
    handle(input, context) {
      const type = input.InvocationType ?? 'RequestResponse';
      const call = preparedCall(parts, { input, context, type });
      if (type === 'DryRun') return { StatusCode: 204 };
      return type === 'Event' ? accept(parts, call) : run(parts, call);
    },
  };
}

async function run({ door }: LambdaParts, call: PreparedCall): Promise<Output> {
  return answer(await door.invoke(requestOf(call)), call.version);
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
async function accept({ async, clock, asyncAccepted }: LambdaParts, call: PreparedCall): Promise<Output> {
  const { version, context, qualifier, payload, trace, callerTrace } = call;
  const now = clock.now();
  await async.add({
    id: context.requestId,
    accountId: version.accountId,
    region: version.region,
    functionName: version.name,
    qualifier,
    payload,
    traceHeader: trace,
    callerTrace,
    acceptedAt: now,
    attempts: 0,
    nextAttemptAt: now,
  });
  asyncAccepted();
  return { StatusCode: 202 };
}
