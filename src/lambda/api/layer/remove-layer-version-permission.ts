import { ownLayerVersion } from '../../model/layer-names.ts';
import { policyWithout } from '../../model/resource-policy.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { changeLayerPolicy } from './layer-policy.ts';

export function removeLayerVersionPermission(parts: LambdaParts): LambdaOperation<'RemoveLayerVersionPermission'> {
  return {
    async handle({ LayerName, VersionNumber, StatementId = '', RevisionId }, context) {
      await changeLayerPolicy(parts, ownLayerVersion(LayerName, VersionNumber, context), {
        revisionId: RevisionId,
        next: (document) => policyWithout(document, StatementId),
      });
      return {};
    },
  };
}
