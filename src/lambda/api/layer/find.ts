/** Layer versions from the store, for whoever may see them. */
import type { RequestContext } from '../../../aws/operation.ts';
import { principalKeys } from '../../../iam/caller.ts';
import { evaluate } from '../../../iam/policy/evaluate.ts';
import { policyOf } from '../../../iam/policy/policy.ts';
import type { LayerVersion, LayerVersionKey } from '../../model/layer.ts';
import { layerVersionArn, layerVersionPlace } from '../../model/layer.ts';
import { layerDenied, noSuchResource, parsedLayerVersionArn } from '../../model/layer-names.ts';
import type { ResourceStore } from '../../model/resources.ts';

type Caller = Pick<RequestContext, 'accountId' | 'principal'>;

/** A version that the caller may use. Whether one of another account exists is not told to those who may not. */
export function usableVersion(
  resources: ResourceStore,
  key: LayerVersionKey,
  caller: Caller,
): LayerVersion | undefined {
  if (key.accountId !== caller.accountId && !isLetIn(resources, key, caller)) {
    throw layerDenied(layerVersionArn(key), 'GetLayerVersion', caller);
  }
  return resources.get('layer-version', layerVersionPlace(key));
}

export function existingVersion(resources: ResourceStore, key: LayerVersionKey, caller: Caller): LayerVersion {
  const found = usableVersion(resources, key, caller);
  if (found === undefined) throw noSuchResource();
  return found;
}

/** The documents that speak of a layer version's ARN. */
export function layerPolicyTexts(resources: ResourceStore, arn: string): string[] {
  const key = parsedLayerVersionArn(arn);
  const policy = key && resources.get('layer-policy', layerVersionPlace(key));
  return policy === undefined ? [] : [policy.document];
}

/** By the layer's side. The caller's own side was weighed before the operation began. */
function isLetIn(resources: ResourceStore, key: LayerVersionKey, { principal }: Caller): boolean {
  const resource = layerVersionArn(key);
  const context = new Map<string, string>(principalKeys(principal));
  const question = { caller: principal, action: 'lambda:GetLayerVersion', resource, context };
  const documents = layerPolicyTexts(resources, resource).map((text) => policyOf(text, 'resource'));
  const policies = { identity: 'everything', resource: documents } as const;
  return evaluate({ ...question, resourceAccountId: key.accountId }, policies).effect === 'allowed';
}
