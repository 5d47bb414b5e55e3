import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { configured, existingConfig, renderConfig } from './configured.ts';

export function getFunctionEventInvokeConfig(parts: LambdaParts): LambdaOperation<'GetFunctionEventInvokeConfig'> {
  return {
    handle(input, context) {
      const whose = configured(parts, input, context);
      return renderConfig(whose, existingConfig(parts, whose));
    },
  };
}
