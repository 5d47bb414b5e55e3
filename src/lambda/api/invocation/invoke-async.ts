import { invariant } from '../../../base/invariant.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { invoke } from './invoke.ts';

/** AWS deprecated it, and old clients call it: an invocation of type Event that says so in another shape. */
export function invokeAsync(parts: LambdaParts): LambdaOperation<'InvokeAsync'> {
  const asEvent = invoke(parts);
  return {
    async handle({ FunctionName, InvokeArgs: Payload }, context) {
      invariant(Payload === undefined || Payload instanceof Uint8Array, 'what is no stream of events is read in whole');
      const { StatusCode } = await asEvent.handle({ FunctionName, InvocationType: 'Event', Payload }, context);
      return { Status: StatusCode };
    },
  };
}
