import { layerVersionPlace } from '../../model/layer.ts';
import { ownLayerVersion } from '../../model/layer-names.ts';
import { remove } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

/** 204 also when it is gone already. Functions that have it keep it (reference: lambda-semantics 1.1, 1.12). */
export function deleteLayerVersion({ resources, released }: LambdaParts): LambdaOperation<'DeleteLayerVersion'> {
  return {
    async handle({ LayerName, VersionNumber }, context) {
      const place = layerVersionPlace(ownLayerVersion(LayerName, VersionNumber, context));
      await resources.write([remove('layer-version', place), remove('layer-policy', place)]);
      released();
      return {};
    },
  };
}
