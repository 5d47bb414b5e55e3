import { namedLayerVersion } from '../../model/layer-names.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingVersion } from './find.ts';
import { renderVersion } from './render.ts';

export function getLayerVersion(parts: LambdaParts): LambdaOperation<'GetLayerVersion'> {
  return {
    handle({ LayerName, VersionNumber }, context) {
      const key = namedLayerVersion(LayerName, VersionNumber, context);
      return renderVersion(parts, key, existingVersion(parts.resources, key, context), context);
    },
  };
}
