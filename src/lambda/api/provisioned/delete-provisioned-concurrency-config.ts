import { functionKeyText } from '../../model/function.ts';
import { ownedKey, remove } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { kind, provisioned } from './provisioned.ts';

/** 204 also for a version that has none; 400 for `$LATEST` (reference: lambda-semantics 1.1). */
export function deleteProvisionedConcurrencyConfig(
  parts: LambdaParts,
): LambdaOperation<'DeleteProvisionedConcurrencyConfig'> {
  const { resources, provisioner, turns } = parts;
  return {
    async handle(input, context) {
      const { key, qualifier } = provisioned(parts, input, context);
      await turns.take(functionKeyText(key), () => resources.write([remove(kind, ownedKey(key, qualifier))]));
      provisioner.changed(key);
      return {};
    },
  };
}
