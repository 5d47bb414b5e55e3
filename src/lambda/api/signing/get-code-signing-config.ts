import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingConfig, renderConfig } from './config.ts';

export function getCodeSigningConfig({ resources }: LambdaParts): LambdaOperation<'GetCodeSigningConfig'> {
  return {
    handle({ CodeSigningConfigArn }, place) {
      return { CodeSigningConfig: renderConfig(place, existingConfig(resources, CodeSigningConfigArn, place)) };
    },
  };
}
