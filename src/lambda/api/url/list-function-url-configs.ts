import { unqualifiedFunction } from '../../model/names.ts';
import { renderUrl } from '../../model/url.ts';
import { existingFunction } from '../function/record.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** The function's own and those of its aliases. */
export function listFunctionUrlConfigs(parts: LambdaParts): LambdaOperation<'ListFunctionUrlConfigs'> {
  const { functions, resources } = parts;
  return {
    handle({ FunctionName, Marker, MaxItems }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      const { accountId, region, name: owner } = key;
      const { items, nextMarker } = pageOf(
        { Marker, MaxItems },
        {
          operation: 'ListFunctionUrlConfigs',
          read: (after, limit) => {
            // The function's own has no name, so that everything is behind nothing.
            const own =
              after === undefined ? resources.get('function-url', { accountId, region, owner, name: '' }) : undefined;
            const scope = { accountId, region, owner, after: { owner, name: after ?? '' }, limit };
            const others = resources
              .list('function-url', scope)
              .map((entry) => ({ alias: entry.key.name, url: entry.value }));
            return own === undefined ? others : [{ alias: '', url: own }, ...others].slice(0, limit);
          },
          position: ({ alias }) => alias,
        },
      );
      const { endpoint } = context;
      const shown = items.map(({ alias, url }) => renderUrl(url, { key, alias: alias || undefined, endpoint }));
      return { FunctionUrlConfigs: shown, NextMarker: nextMarker };
    },
  };
}
