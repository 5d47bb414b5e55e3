import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import { resourceConflict } from '../../model/errors.ts';
import type { CodeReference } from '../../model/function.ts';
import type { LayerKey, LayerVersion } from '../../model/layer.ts';
import { layerPlace, layerVersionPlace } from '../../model/layer.ts';
import { ownLayer } from '../../model/layer-names.ts';
import { put } from '../../model/resources.ts';
import { givenZip, keptPackage } from '../function/package.ts';
import { packageRequest } from '../function/package-request.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { renderVersion } from './render.ts';

type Input = LambdaTypes['PublishLayerVersion']['input'];

/** Each time somebody else published the same layer in between, it is that one's turn: nobody waits this long. */
const attemptsMax = 100;

/** Numbers begin at 1 and are never given again, also after a deletion (reference: lambda-semantics 1.12). */
export function publishLayerVersion(parts: LambdaParts): LambdaOperation<'PublishLayerVersion'> {
  return {
    ...packageRequest('PublishLayerVersion'),
    async handle(input, context) {
      const key = ownLayer(input.LayerName, context);
      await using zip = await givenZip(parts, input.Content ?? {}, context);
      const code = await keptPackage(parts, zip, key);
      const version = await written(parts, key, describedBy(input, code, parts.clock.now()));
      return renderVersion(parts, { ...key, version: version.version }, version, context);
    },
  };
}

function describedBy(input: Input, code: CodeReference, createdAt: number): Omit<LayerVersion, 'version'> {
  return {
    description: input.Description ?? '',
    createdAt,
    compatibleRuntimes: input.CompatibleRuntimes,
    compatibleArchitectures: input.CompatibleArchitectures,
    licenseInfo: input.LicenseInfo,
    code,
  };
}

async function written(
  { resources, random }: Pick<LambdaParts, 'resources' | 'random'>,
  key: LayerKey,
  content: Omit<LayerVersion, 'version'>,
): Promise<LayerVersion> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const before = resources.get('layer', layerPlace(key));
    const version = (before?.last ?? 0) + 1;
    const unchanged = before === undefined ? 'absent' : { revisionId: before.revisionId };
    const done = await resources.write([
      put('layer', layerPlace(key), { last: version, revisionId: random.uuid() }, unchanged),
      put('layer-version', layerVersionPlace({ ...key, version }), { ...content, version }, 'absent'),
    ]);
    if (done) return { ...content, version };
  }
  throw resourceConflict('The layer is being published by others at the same time. Please try again.');
}
