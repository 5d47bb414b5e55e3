import { codeSigningConfigNotFound } from '../../model/errors.ts';
import { changeConfig } from '../signing/change-config.ts';
import { signingConfig } from '../signing/config.ts';
import type { TagTarget } from './tagged.ts';

export const taggedCodeSigningConfig: TagTarget = (parts, arn, context) => {
  const config = signingConfig(parts.resources, arn, context);
  if (config === undefined) throw codeSigningConfigNotFound(`Code signing config not found: ${arn}`);
  return {
    tags: config.tags,
    async retag(tags) {
      await changeConfig(parts, arn, context, (before) => ({ ...before, tags }));
    },
  };
};
