/** The layers that CreateFunction and UpdateFunctionConfiguration name: found, and allowed together. */
import type { RequestContext } from '../../../aws/operation.ts';
import type { CodeStore } from '../../model/code-store.ts';
import { invalidParameterValue } from '../../model/errors.ts';
import type { CodeReference } from '../../model/function.ts';
import type { AttachedLayer, LayerVersionKey } from '../../model/layer.ts';
import { layerArn } from '../../model/layer.ts';
import { parsedLayerVersionArn } from '../../model/layer-names.ts';
import { layersMax, unzippedBytesMax } from '../../model/limits.ts';
import type { ResourceStore } from '../../model/resources.ts';
import { usableVersion } from './find.ts';

/** Throws AWS's error for the first that cannot be had (reference: lambda-semantics 1.3). */
export function attachedLayers(
  resources: ResourceStore,
  arns: readonly string[],
  context: RequestContext,
): readonly AttachedLayer[] {
  if (arns.length > layersMax) throw invalidParameterValue(`Cannot reference more than ${layersMax} layers.`);
  const keys = arns.map((arn) => keyOf(arn, context.region));
  refuseTwoVersions(arns, keys);
  return keys.map((key, index) => {
    const arn = arns[index] ?? '';
    const found = usableVersion(resources, key, context);
    if (found === undefined) throw invalidParameterValue(`Layer version ${arn} does not exist.`);
    return { arn, code: found.code };
  });
}

/** Until the function's record names the packages, a layer version that is deleted meanwhile does not take them along. */
export function heldLayers(code: Pick<CodeStore, 'hold'>, layers: readonly AttachedLayer[] = []): Disposable {
  const held = new DisposableStack();
  for (const layer of layers) held.use(code.hold(layer.code.sha256));
  return held;
}

/** AWS counts a file as often as layers have it, although only the last is seen. */
export function checkUnzippedTogether(code: CodeReference, layers: readonly AttachedLayer[] = []): void {
  const layerBytes = layers.reduce((sum, layer) => sum + layer.code.unzippedSize, 0);
  if (layerBytes > unzippedBytesMax) {
    throw invalidParameterValue(`Layers consume more than the available size of ${unzippedBytesMax} bytes`);
  }
  const bytes = code.unzippedSize + layerBytes;
  if (bytes <= unzippedBytesMax) return;
  throw invalidParameterValue(
    `Function code combined with layers exceeds the maximum allowed size of ${unzippedBytesMax} bytes. The actual size is ${bytes} bytes.`,
  );
}

function keyOf(arn: string, region: string): LayerVersionKey {
  const key = parsedLayerVersionArn(arn);
  if (key === undefined) throw invalidParameterValue(`Layer version ${arn} does not exist.`);
  if (key.region === region) return key;
  throw invalidParameterValue(
    `Layers are not in the same region as the function. Layers are expected to be in region ${region}.`,
  );
}

function refuseTwoVersions(arns: readonly string[], keys: readonly LayerVersionKey[]): void {
  const seen = new Map<string, string>();
  for (const [index, key] of keys.entries()) {
    const arn = arns[index] ?? '';
    const other = seen.get(layerArn(key));
    if (other !== undefined) {
      throw invalidParameterValue(
        `Two different versions of the same layer are not allowed to be referenced in the same function. ${other} and ${arn} are versions of the same layer.`,
      );
    }
    seen.set(layerArn(key), arn);
  }
}
