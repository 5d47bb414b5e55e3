import type { S3Types } from '../../../aws/models/s3.types.ts';
import type { Operation } from '../../../aws/operation.ts';

export type S3Operation<Name extends keyof S3Types> = Operation<S3Types[Name]['input'], S3Types[Name]['output']>;
