/** Layer versions from the store, for whoever may see them. */
import type { LayerVersion, LayerVersionKey } from '../../model/layer.ts';
import { layerVersionArn, layerVersionPlace } from '../../model/layer.ts';
import { layerDenied, noSuchResource } from '../../model/layer-names.ts';
import type { NameContext } from '../../model/names.ts';
import type { ResourceStore } from '../../model/resources.ts';

/** A version that the caller may use. Whether one of another account exists is not told to those who may not. */
export function usableVersion(
  resources: ResourceStore,
  key: LayerVersionKey,
  context: NameContext,
): LayerVersion | undefined {
  if (key.accountId !== context.accountId) throw layerDenied(layerVersionArn(key), 'GetLayerVersion', context);
  return resources.get('layer-version', layerVersionPlace(key));
}

export function existingVersion(resources: ResourceStore, key: LayerVersionKey, context: NameContext): LayerVersion {
  const found = usableVersion(resources, key, context);
  if (found === undefined) throw noSuchResource();
  return found;
}
