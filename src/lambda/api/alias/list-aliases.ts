import { leadsTo } from '../../model/alias.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { type Entry, ownedKey } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { renderAlias } from './route.ts';

/** With a version: the aliases that invoke it, also those that do so now and then. */
export function listAliases({ functions, resources }: LambdaParts): LambdaOperation<'ListAliases'> {
  return {
    handle({ FunctionName, FunctionVersion, Marker, MaxItems }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      const scope = ownedKey(key, '');
      const fits = ({ value }: Entry<'alias'>) => FunctionVersion === undefined || leadsTo(value, FunctionVersion);
      const { items, nextMarker } = pageOf(
        { Marker, MaxItems },
        {
          operation: 'ListAliases',
          read: (name = '', limit) => {
            const most = FunctionVersion === undefined ? limit : Number.POSITIVE_INFINITY;
            return resources.list('alias', { ...scope, after: { ...scope, name }, limit: most }).filter(fits);
          },
          position: (entry) => entry.key.name,
        },
      );
      return { Aliases: items.map(({ value }) => renderAlias(key, value)), NextMarker: nextMarker };
    },
  };
}
