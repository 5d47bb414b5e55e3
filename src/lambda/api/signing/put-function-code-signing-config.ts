import { resourceConflict } from '../../model/errors.ts';
import { functionArn } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { signedWith, wantedConfig } from './config.ts';

/** Every loser of a race reads again; somebody wins each time. */
const attemptsMax = 100;

/** Counts for what is deployed from then on: the code that the function has is not looked at. */
export function putFunctionCodeSigningConfig(parts: LambdaParts): LambdaOperation<'PutFunctionCodeSigningConfig'> {
  const { functions, resources } = parts;
  return {
    async handle({ FunctionName, CodeSigningConfigArn: configArn = '' }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
        const record = existingFunction(functions, key);
        const config = wantedConfig(resources, configArn, key);
        // The record is written as it is: this makes the change undone when the function is deleted meanwhile.
        const done = await functions.replace(record, record.latest.revisionId, signedWith(parts, key, config));
        if (done) return { CodeSigningConfigArn: configArn, FunctionName: key.name };
      }
      throw resourceConflict(`Too many changes are made to ${functionArn(key)} at once`);
    },
  };
}
