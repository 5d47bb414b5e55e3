import { noSuchResource, parsedLayerVersionArn } from '../../model/layer-names.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingVersion } from './find.ts';
import { renderVersion } from './render.ts';

/** Layers that AWS manages (`arn:aws:lambda:::awslayer:…`) are not here. */
export function getLayerVersionByArn(parts: LambdaParts): LambdaOperation<'GetLayerVersionByArn'> {
  return {
    handle({ Arn = '' }, context) {
      const key = parsedLayerVersionArn(Arn);
      if (key === undefined || key.region !== context.region) throw noSuchResource();
      return renderVersion(parts, key, existingVersion(parts.resources, key, context), context);
    },
  };
}
