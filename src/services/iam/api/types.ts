import type { IamTypes } from '../../../aws/models/iam.types.ts';
import type { Operation } from '../../../aws/operation.ts';

export type IamOperation<Name extends keyof IamTypes> = Operation<IamTypes[Name]['input'], IamTypes[Name]['output']>;
