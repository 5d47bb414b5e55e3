import { invalidParameterValue } from '../../model/errors.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { renderListed } from '../../model/render.ts';
import type { Place } from '../../model/resources.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** Pages hold 50 at most, whatever MaxItems says; the states are left out (reference: lambda-semantics 1.5). */
export function listFunctions(parts: LambdaParts): LambdaOperation<'ListFunctions'> {
  const { functions } = parts;
  return {
    handle({ FunctionVersion: which, MasterRegion, Marker, MaxItems }, { accountId, region }) {
      if (MasterRegion !== undefined) return replicas(which === 'ALL');
      if (which === 'ALL') return everyVersion(parts, { accountId, region }, { Marker, MaxItems });
      const { items, nextMarker } = pageOf(
        { Marker, MaxItems },
        {
          operation: 'ListFunctions',
          read: (after, limit) => functions.list({ accountId, region, after, limit }),
          position: ({ name }) => name,
        },
      );
      return { Functions: items.map(({ latest }) => renderListed(latest)), NextMarker: nextMarker };
    },
  };
}

/** Functions replicated to the edge from a master elsewhere: there is no edge here, so there are none. */
function replicas(all: boolean): { Functions: [] } {
  if (!all) throw invalidParameterValue('FunctionVersion must be set to ALL if MasterRegion is specified');
  return { Functions: [] };
}

/** Of each function `$LATEST`, then its versions by number. */
function everyVersion(parts: LambdaParts, place: Place, request: { Marker?: string; MaxItems?: number }) {
  const { items, nextMarker } = pageOf(request, {
    operation: 'ListFunctions',
    read: (after, limit) => versionsAfter(parts, place, after, limit),
    position: ({ owner, name }) => `${owner}${separator}${name}`,
  });
  return { Functions: items.map(({ value }) => renderListed(value, value.version)), NextMarker: nextMarker };
}

interface Listed {
  readonly owner: string;
  /** Sorts as its number does; empty for `$LATEST`. */
  readonly name: string;
  readonly value: FunctionVersion;
}

/** Nothing that a function's name may have in it. */
const separator = ' ';

/** Functions and versions are kept apart, each in order: as many of both as a page takes, put in one order. */
function versionsAfter({ functions, resources }: LambdaParts, place: Place, after = '', limit: number): Listed[] {
  const [owner = '', name = ''] = after.split(separator);
  const latest = functions.list({ ...place, after: owner, limit });
  const versions = resources.list('version', { ...place, after: { owner, name }, limit });
  const all: Listed[] = [
    ...latest.map((record) => ({ owner: record.name, name: '', value: record.latest })),
    ...versions.map(({ key, value }) => ({ owner: key.owner, name: key.name, value })),
  ];
  return all.sort(inOrder).slice(0, limit);
}

function inOrder(one: Listed, other: Listed): number {
  if (one.owner !== other.owner) return one.owner < other.owner ? -1 : 1;
  return one.name < other.name ? -1 : 1;
}
