import { functionArn } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { kind, renderProvisioned } from './provisioned.ts';

export function listProvisionedConcurrencyConfigs(
  parts: LambdaParts,
): LambdaOperation<'ListProvisionedConcurrencyConfigs'> {
  const { functions, resources } = parts;
  return {
    handle({ FunctionName, ...page }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      const { items, nextMarker } = pageOf(page, {
        operation: 'ListProvisionedConcurrencyConfigs',
        read: (after = '', limit) =>
          resources.list(kind, { ...ownedKey(key, ''), after: { owner: key.name, name: after }, limit }),
        position: (entry) => entry.key.name,
      });
      const configs = items.map(({ key: { name: qualifier }, value }) => ({
        FunctionArn: functionArn(key, qualifier),
        ...renderProvisioned(parts, { key, qualifier }, value),
      }));
      return { ProvisionedConcurrencyConfigs: configs, NextMarker: nextMarker };
    },
  };
}
