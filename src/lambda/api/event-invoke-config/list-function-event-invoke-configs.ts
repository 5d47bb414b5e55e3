import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { renderConfig } from './configured.ts';

export function listFunctionEventInvokeConfigs(parts: LambdaParts): LambdaOperation<'ListFunctionEventInvokeConfigs'> {
  const { functions, resources } = parts;
  return {
    handle({ FunctionName, ...page }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      const { items, nextMarker } = pageOf(page, {
        operation: 'ListFunctionEventInvokeConfigs',
        read: (after = '', limit) =>
          resources.list('event-invoke-config', {
            ...ownedKey(key, ''),
            after: { owner: key.name, name: after },
            limit,
          }),
        position: (entry) => entry.key.name,
      });
      const configs = items.map(({ key: { name: qualifier }, value }) => renderConfig({ key, qualifier }, value));
      return { FunctionEventInvokeConfigs: configs, NextMarker: nextMarker };
    },
  };
}
