import type { CloudwatchTypes } from '../../../aws/models/cloudwatch.types.ts';
import type { Operation } from '../../../aws/operation.ts';

export type CloudwatchOperation<Name extends keyof CloudwatchTypes> = Operation<
  CloudwatchTypes[Name]['input'],
  CloudwatchTypes[Name]['output']
>;
