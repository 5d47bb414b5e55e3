import { unqualifiedFunction } from '../../model/names.ts';
import { renderListed } from '../../model/render.ts';
import { ownedKey } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** `$LATEST` comes first, then the versions by number. */
export function listVersionsByFunction(parts: LambdaParts): LambdaOperation<'ListVersionsByFunction'> {
  const { functions, resources } = parts;
  return {
    handle({ FunctionName, Marker, MaxItems }, context) {
      const { latest } = existingFunction(functions, unqualifiedFunction(FunctionName, context));
      const key = ownedKey(latest, '');
      const first = { key, value: latest };
      const { items, nextMarker } = pageOf(
        { Marker, MaxItems },
        {
          operation: 'ListVersionsByFunction',
          read: (after, limit) => {
            const versions = resources.list('version', { ...key, after: { ...key, name: after ?? '' }, limit });
            return after === undefined ? [first, ...versions] : versions;
          },
          position: (entry) => entry.key.name,
        },
      );
      return { Versions: items.map(({ value }) => renderListed(value, value.version)), NextMarker: nextMarker };
    },
  };
}
