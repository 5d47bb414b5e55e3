import type { SnsTypes } from '../../../aws/models/sns.types.ts';
import type { Operation } from '../../../aws/operation.ts';

export type SnsOperation<Name extends keyof SnsTypes> = Operation<SnsTypes[Name]['input'], SnsTypes[Name]['output']>;
