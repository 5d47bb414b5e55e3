import type { LogsTypes } from '../../../aws/models/logs.types.ts';
import type { Operation } from '../../../aws/operation.ts';

export type LogsOperation<Name extends keyof LogsTypes> = Operation<
  LogsTypes[Name]['input'],
  LogsTypes[Name]['output']
>;
