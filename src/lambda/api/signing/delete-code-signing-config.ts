import { signingConfigKey } from '../../model/code-signing.ts';
import { resourceConflict } from '../../model/errors.ts';
import { remove } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingConfig, functionsWith } from './config.ts';

/** Only while no function has it. Gone, it is not found the second time (reference: lambda-semantics 1.1). */
export function deleteCodeSigningConfig({ resources }: LambdaParts): LambdaOperation<'DeleteCodeSigningConfig'> {
  return {
    async handle({ CodeSigningConfigArn: arn = '' }, place) {
      const { id, revisionId } = existingConfig(resources, arn, place);
      const inUse = functionsWith(resources, place, arn).next().value !== undefined;
      const gone = remove('code-signing-config', signingConfigKey(place, id), { revisionId });
      if (inUse || !(await resources.write([gone]))) {
        throw resourceConflict(
          `The code signing configuration ${arn} cannot be deleted: a function uses it, or it is being changed`,
        );
      }
      return {};
    },
  };
}
