import { invalidParameterValue } from '../../model/errors.ts';
import { renderListed } from '../../model/render.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** Pages hold 50 at most, whatever MaxItems says; the states are left out (reference: lambda-semantics 1.5). */
export function listFunctions({ functions }: LambdaParts): LambdaOperation<'ListFunctions'> {
  return {
    handle({ FunctionVersion, MasterRegion, Marker, MaxItems }, { accountId, region }) {
      const all = FunctionVersion === 'ALL';
      if (MasterRegion !== undefined) return replicas(all);
      const { items, nextMarker } = pageOf(
        { Marker, MaxItems },
        {
          operation: 'ListFunctions',
          read: (after, limit) => functions.list({ accountId, region, after, limit }),
          position: ({ name }) => name,
        },
      );
      return { Functions: items.map(({ latest }) => renderListed(latest, { qualified: all })), NextMarker: nextMarker };
    },
  };
}

/** Functions replicated to the edge from a master elsewhere: there is no edge here, so there are none. */
function replicas(all: boolean): { Functions: [] } {
  if (!all) throw invalidParameterValue('FunctionVersion must be set to ALL if MasterRegion is specified');
  return { Functions: [] };
}
