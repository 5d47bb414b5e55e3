import type { LambdaTypes } from '../../aws/models/lambda.types.ts';
import type { Operation } from '../../aws/operation.ts';

/** An operation of Lambda by its AWS name, with AWS's own input and output. */
export type LambdaOperation<Name extends keyof LambdaTypes> = Operation<
  LambdaTypes[Name]['input'],
  LambdaTypes[Name]['output']
>;
