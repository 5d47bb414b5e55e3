import type { LayersListItem } from '@aws-sdk/client-lambda';
import { layerArn } from '../../model/layer.ts';
import type { Place, ResourceStore } from '../../model/resources.ts';
import { everyEntry } from '../../model/resources.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { isCompatible, type Wanted } from './compatible.ts';
import { renderListedVersion } from './render.ts';

/** Each layer with the newest version that fits; a layer without such a version is left out. */
export function listLayers({ resources }: LambdaParts): LambdaOperation<'ListLayers'> {
  return {
    handle(input, { accountId, region }) {
      const place = { accountId, region };
      const { items, nextMarker } = pageOf(input, {
        operation: 'ListLayers',
        read: (after = '', limit) =>
          everyEntry(resources, 'layer', { ...place, owner: '', after: { owner: '', name: after } })
            .map(({ key }) => newestOf(resources, place, key.name, input))
            .filter((layer) => layer !== undefined)
            .take(limit)
            .toArray(),
        position: ({ LayerName = '' }) => LayerName,
      });
      return { Layers: [...items], NextMarker: nextMarker };
    },
  };
}

function newestOf(resources: ResourceStore, place: Place, name: string, wanted: Wanted): LayersListItem | undefined {
  const newest = everyEntry(resources, 'layer-version', { ...place, owner: name }).find(({ value }) =>
    isCompatible(value, wanted),
  );
  if (newest === undefined) return undefined;
  const { version } = newest.value;
  return {
    LayerName: name,
    LayerArn: layerArn({ ...place, name }),
    LatestMatchingVersion: renderListedVersion({ ...place, name, version }, newest.value),
  };
}
