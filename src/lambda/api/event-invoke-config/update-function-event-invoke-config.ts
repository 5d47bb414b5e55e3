import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingConfig, inTurn, writeConfig } from './configured.ts';

/** Members that are absent stay. */
export function updateFunctionEventInvokeConfig(
  parts: LambdaParts,
): LambdaOperation<'UpdateFunctionEventInvokeConfig'> {
  return {
    handle(input, context) {
      return inTurn(parts, { input, context }, (whose) =>
        writeConfig(parts, whose, { before: existingConfig(parts, whose), input }),
      );
    },
  };
}
