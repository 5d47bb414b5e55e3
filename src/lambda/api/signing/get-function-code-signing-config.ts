import type { LambdaTypes } from '../../../aws/models/lambda.types.ts';
import { functionSigningKey } from '../../model/code-signing.ts';
import { unqualifiedFunction } from '../../model/names.ts';
import { existingFunction } from '../function/record.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

type Answer = LambdaTypes['GetFunctionCodeSigningConfig']['output'];

/** A function without one is no error: the ARN is then left out, although the model requires it. */
export function getFunctionCodeSigningConfig({
  functions,
  resources,
}: LambdaParts): LambdaOperation<'GetFunctionCodeSigningConfig'> {
  return {
    handle({ FunctionName }, context): Answer {
      const key = unqualifiedFunction(FunctionName, context);
      existingFunction(functions, key);
      const signing = resources.get('function-signing', functionSigningKey(key));
      return { CodeSigningConfigArn: signing?.configArn, FunctionName: key.name };
    },
  };
}
