/**
 * The answer as the function writes it, in an event stream whose last event says how it ended (reference:
 * lambda-semantics 2.4). What goes wrong before the function runs is an HTTP error as with Invoke; after that the status
 * is 200, and errors are in `InvokeComplete` alone.
 */
import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import type { InvokeResult, StreamResult } from '../../invoke/door.ts';
import { recursiveInvocation, service, tooManyRequests } from '../../model/errors.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { preparedCall, requestOf } from './prepared-call.ts';

type Output = LambdaTypes['InvokeWithResponseStream']['output'];
type Events = NonNullable<Output['EventStream']>;

export function invokeWithResponseStream(parts: LambdaParts): LambdaOperation<'InvokeWithResponseStream'> {
  return {
    async handle(input, context) {
      const type = input.InvocationType ?? 'RequestResponse';
      const call = preparedCall(parts, { input, context, type });
      if (type === 'DryRun') return { StatusCode: 204 };
      const result = await parts.door.stream(requestOf(call));
      return { StatusCode: 200, ExecutedVersion: call.version.version, EventStream: eventsOf(result) };
    },
  };
}

function eventsOf(result: StreamResult): Events {
  switch (result.kind) {
    case 'streaming':
      return streamed(result);
    case 'success':
    case 'function-error':
      return whole(result);
    case 'throttled':
      throw tooManyRequests(result.reason);
    case 'recursive':
      throw recursiveInvocation();
    case 'unavailable':
      throw service(result.message);
  }
}

async function* streamed({ body, ended }: Extract<StreamResult, { kind: 'streaming' }>): Events {
  for await (const piece of body) yield { PayloadChunk: { Payload: piece } };
  yield complete(await ended);
}

/** A function that does not stream is answered in one piece. */
async function* whole(result: InvokeResult): Events {
  if (result.kind === 'success') yield { PayloadChunk: { Payload: result.payload } };
  yield complete(result);
}

function complete(result: InvokeResult): {
  InvokeComplete: { ErrorCode?: string; ErrorDetails?: string; LogResult?: string };
} {
  switch (result.kind) {
    case 'success':
      return { InvokeComplete: { LogResult: result.logTail?.toString('base64') } };
    case 'function-error':
      return {
        InvokeComplete: {
          ErrorCode: result.platformError ?? 'Unhandled',
          ErrorDetails: result.payload.toString(),
          LogResult: result.logTail?.toString('base64'),
        },
      };
    case 'throttled':
      return { InvokeComplete: { ErrorCode: 'TooManyRequestsException', ErrorDetails: result.reason } };
    case 'recursive':
      return { InvokeComplete: { ErrorCode: 'RecursiveInvocationException' } };
    case 'unavailable':
      return { InvokeComplete: { ErrorCode: 'Runtime.TruncatedResponse', ErrorDetails: result.message } };
  }
}
