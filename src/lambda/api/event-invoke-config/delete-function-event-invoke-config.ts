import { ownedKey, remove } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingConfig, inTurn } from './configured.ts';

/** 404 the second time (reference: lambda-semantics 1.1). */
export function deleteFunctionEventInvokeConfig(
  parts: LambdaParts,
): LambdaOperation<'DeleteFunctionEventInvokeConfig'> {
  return {
    handle(input, context) {
      return inTurn(parts, { input, context }, async (whose) => {
        existingConfig(parts, whose);
        await parts.resources.write([remove('event-invoke-config', ownedKey(whose.key, whose.qualifier))]);
        return {};
      });
    },
  };
}
