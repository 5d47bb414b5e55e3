import { newestFirst } from '../../model/layer.ts';
import { ownLayer } from '../../model/layer-names.ts';
import { everyEntry } from '../../model/resources.ts';
import { pageOf } from '../page.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { isCompatible } from './compatible.ts';
import { renderListedVersion } from './render.ts';

/** The newest first. A layer that never was has none, and that is no error. */
export function listLayerVersions({ resources }: LambdaParts): LambdaOperation<'ListLayerVersions'> {
  return {
    handle(input, context) {
      const { accountId, region, name } = ownLayer(input.LayerName, context);
      const own = (after = '') => ({ accountId, region, owner: name, after: { owner: name, name: after } });
      const { items, nextMarker } = pageOf(input, {
        operation: 'ListLayerVersions',
        read: (after, limit) =>
          everyEntry(resources, 'layer-version', own(after))
            .map(({ value }) => value)
            .filter((version) => isCompatible(version, input))
            .take(limit)
            .toArray(),
        position: ({ version }) => newestFirst(version),
      });
      const rendered = items.map((each) =>
        renderListedVersion({ accountId, region, name, version: each.version }, each),
      );
      return { LayerVersions: rendered, NextMarker: nextMarker };
    },
  };
}
