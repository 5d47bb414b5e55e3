/** The policy of a layer version: read, and changed only while the version is there. */
import { resourceConflict, resourceNotFound } from '../../model/errors.ts';
import type { LayerVersionKey } from '../../model/layer.ts';
import { layerVersionArn, layerVersionPlace } from '../../model/layer.ts';
import { checkPolicyRevision, type ResourcePolicy } from '../../model/resource-policy.ts';
import { put, type ResourceStore, remove } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';

/** Undefined when the version has none; refuses a version that is not there. */
export function layerPolicy(resources: ResourceStore, key: LayerVersionKey): ResourcePolicy | undefined {
  const place = layerVersionPlace(key);
  if (resources.get('layer-version', place) === undefined) {
    throw resourceNotFound(`Layer version ${layerVersionArn(key)} does not exist.`);
  }
  return resources.get('layer-policy', place);
}

/** Every loser of a race reads again; somebody wins each time. */
const attemptsMax = 100;

/** Resolves the revision after the change, once that is durable; `next` gives the new document, or nothing for none. */
export async function changeLayerPolicy(
  { resources, random }: Pick<LambdaParts, 'resources' | 'random'>,
  key: LayerVersionKey,
  { revisionId, next }: { revisionId: string | undefined; next(document: string | undefined): string | undefined },
): Promise<string> {
  const place = layerVersionPlace(key);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const before = layerPolicy(resources, key);
    const version = resources.get('layer-version', place);
    checkPolicyRevision(before, revisionId, 'GetLayerPolicy');
    const document = next(before?.document);
    const after = { document: document ?? '', revisionId: random.uuid() };
    const unchanged = before === undefined ? 'absent' : { revisionId: before.revisionId };
    const change =
      document === undefined
        ? remove('layer-policy', place, unchanged === 'absent' ? 'any' : unchanged)
        : put('layer-policy', place, after, unchanged);
    // The version is written as it is: this makes the change undone when it is deleted meanwhile.
    const kept = version === undefined ? [] : [put('layer-version', place, version, 'present')];
    if (await resources.write([...kept, change])) return after.revisionId;
  }
  throw resourceConflict(`Too many changes are made to the policy of ${layerVersionArn(key)} at once`);
}
