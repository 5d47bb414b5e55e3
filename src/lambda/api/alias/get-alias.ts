import { resourceNotFound } from '../../model/errors.ts';
import { functionArn } from '../../model/function.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { ownedKey } from '../../model/resources.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { renderAlias } from './route.ts';

export function getAlias({ functions, resources }: LambdaParts): LambdaOperation<'GetAlias'> {
  return {
    handle({ FunctionName, Name = '' }, context) {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      const alias = resources.get('alias', ownedKey(key, Name));
      if (alias === undefined) throw resourceNotFound(`Cannot find alias arn: ${functionArn(key, Name)}`);
      return renderAlias(key, alias);
    },
  };
}
