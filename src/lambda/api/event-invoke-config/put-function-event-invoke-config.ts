import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { inTurn, writeConfig } from './configured.ts';

/** Replaces everything that was configured. */
export function putFunctionEventInvokeConfig(parts: LambdaParts): LambdaOperation<'PutFunctionEventInvokeConfig'> {
  return {
    handle(input, context) {
      return inTurn(parts, { input, context }, (whose) => writeConfig(parts, whose, { input }));
    },
  };
}
