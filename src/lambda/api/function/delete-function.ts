import { functionNotFound, invalidParameterValue } from '../../model/errors.ts';
import { functionArn } from '../../model/function.ts';
import { namedFunction } from '../../model/names.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { existingFunction } from './record.ts';

/** 204 although the model says 200, and 404 the second time (reference: lambda-semantics 1.1). */
export function deleteFunction(parts: LambdaParts): LambdaOperation<'DeleteFunction'> {
  const { functions, retired } = parts;
  return {
    async handle({ FunctionName, Qualifier }, context) {
      const { key, qualifier } = namedFunction(FunctionName, context, Qualifier);
      const record = existingFunction(functions, key);
      if (qualifier === '$LATEST') {
        throw invalidParameterValue('$LATEST version cannot be deleted without deleting the function.');
      }
      if (qualifier !== undefined) throw functionNotFound(functionArn(key, qualifier));
      if (!(await functions.delete(key))) throw functionNotFound(functionArn(key));
      parts.admission.forget(key);
      if (record.serving) retired(record.serving);
      return { StatusCode: 204 };
    },
  };
}
