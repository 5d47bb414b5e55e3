import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingProvisioned, provisioned, renderProvisioned } from './provisioned.ts';

export function getProvisionedConcurrencyConfig(
  parts: LambdaParts,
): LambdaOperation<'GetProvisionedConcurrencyConfig'> {
  return {
    handle(input, context) {
      const whose = provisioned(parts, input, context);
      return renderProvisioned(parts, whose, existingProvisioned(parts, whose));
    },
  };
}
