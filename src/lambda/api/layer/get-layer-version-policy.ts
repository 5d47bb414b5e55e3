import { ownLayerVersion } from '../../model/layer-names.ts';
import { noPolicy } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { layerPolicy } from './layer-policy.ts';

export function getLayerVersionPolicy({ resources }: LambdaParts): LambdaOperation<'GetLayerVersionPolicy'> {
  return {
    handle({ LayerName, VersionNumber }, context) {
      const policy = layerPolicy(resources, ownLayerVersion(LayerName, VersionNumber, context));
      if (policy === undefined) throw noPolicy();
      return { Policy: policy.document, RevisionId: policy.revisionId };
    },
  };
}
