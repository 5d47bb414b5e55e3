import type { SqsTypes } from '../../../aws/models/sqs.types.ts';
import type { Operation } from '../../../aws/operation.ts';

export type SqsOperation<Name extends keyof SqsTypes> = Operation<SqsTypes[Name]['input'], SqsTypes[Name]['output']>;
