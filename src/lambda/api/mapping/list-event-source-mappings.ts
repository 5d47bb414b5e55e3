import { functionArn } from '../../model/function.ts';
import { mappingPageMax } from '../../model/limits.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import { mappedFunctionArn } from '../../model/mapping/mapping.ts';
import { renderMapping } from '../../model/mapping/render.ts';
import { namedFunction } from '../../model/names.ts';
import type { Place, ResourceStore } from '../../model/resources.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** By source, by function as the mapping named it, or both; pages hold 100 (reference: lambda-semantics 1.5). */
export function listEventSourceMappings(parts: LambdaParts): LambdaOperation<'ListEventSourceMappings'> {
  const { resources, mappings } = parts;
  return {
    handle({ EventSourceArn, FunctionName, Marker, MaxItems }, context) {
      const named = FunctionName === undefined ? undefined : namedFunction(FunctionName, context);
      const arn = named && functionArn(named.key, named.qualifier);
      const wanted = (mapping: Mapping) =>
        (arn === undefined || mappedFunctionArn(mapping) === arn) &&
        (EventSourceArn === undefined || mapping.configuration.EventSourceArn === EventSourceArn);
      const { items, nextMarker } = pageOf(
        { Marker, MaxItems },
        {
          operation: 'ListEventSourceMappings',
          read: (after, limit) => wantedMappings(resources, context, { after, limit, wanted }),
          position: ({ uuid }) => uuid,
          itemsMax: mappingPageMax,
        },
      );
      const shown = items.map((mapping) => renderMapping(mapping, mappings.lastResult(mapping.uuid)));
      return { EventSourceMappings: shown, NextMarker: nextMarker };
    },
  };
}

interface Wanted {
  readonly after: string | undefined;
  readonly limit: number;
  wanted(mapping: Mapping): boolean;
}

const readAtOnce = 500;

/** Reads on until there are enough that are wanted. */
function wantedMappings(resources: ResourceStore, { accountId, region }: Place, { after, limit, wanted }: Wanted) {
  const found: Mapping[] = [];
  let from = after ?? '';
  for (;;) {
    const scope = { accountId, region, owner: '', after: { owner: '', name: from }, limit: readAtOnce };
    const entries = resources.list('mapping', scope);
    found.push(...entries.map(({ value }) => value).filter(wanted));
    const last = entries.at(-1);
    if (last === undefined || found.length >= limit || entries.length < readAtOnce) return found.slice(0, limit);
    from = last.key.name;
  }
}
