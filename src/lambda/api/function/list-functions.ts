import { invalidParameterValue } from '../../model/errors.ts';
import { listPageMax } from '../../model/limits.ts';
import { renderListed } from '../../model/render.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** Pages hold 50 at most, whatever MaxItems says; the states are left out (reference: lambda-semantics 1.5). */
export function listFunctions({ functions }: LambdaParts): LambdaOperation<'ListFunctions'> {
  return {
    handle({ FunctionVersion, MasterRegion, Marker, MaxItems }, { accountId, region }) {
      const all = FunctionVersion === 'ALL';
      if (MasterRegion !== undefined) return replicas(all);
      const limit = Math.min(MaxItems ?? listPageMax, listPageMax);
      const after = Marker === undefined || Marker === '' ? undefined : nameIn(Marker);
      const found = functions.list({ accountId, region, after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        Functions: page.map(({ latest }) => renderListed(latest, { qualified: all })),
        NextMarker: found.length > limit && last ? markerOf(last.name) : undefined,
      };
    },
  };
}

/** Functions replicated to the edge from a master elsewhere: there is no edge here, so there are none. */
function replicas(all: boolean): { Functions: [] } {
  if (!all) throw invalidParameterValue('FunctionVersion must be set to ALL if MasterRegion is specified');
  return { Functions: [] };
}

const markerPrefix = 'after:';

function markerOf(name: string): string {
  return Buffer.from(markerPrefix + name).toString('base64url');
}

function nameIn(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (text.startsWith(markerPrefix)) return text.slice(markerPrefix.length);
  throw invalidParameterValue('Cannot continue the list: the marker is not one that ListFunctions gave');
}
