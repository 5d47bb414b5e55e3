import type * as sdk from '@aws-sdk/client-lambda';
import type { Operation } from '../../aws/operation.ts';

/** Inputs and outputs of the operations that work, AWS's own. */
export interface WorkingTypes {
  CreateFunction: { input: sdk.CreateFunctionRequest; output: sdk.FunctionConfiguration };
  DeleteFunction: { input: sdk.DeleteFunctionRequest; output: sdk.DeleteFunctionResponse };
  GetAccountSettings: { input: sdk.GetAccountSettingsRequest; output: sdk.GetAccountSettingsResponse };
  GetFunction: { input: sdk.GetFunctionRequest; output: sdk.GetFunctionResponse };
  GetFunctionConcurrency: { input: sdk.GetFunctionConcurrencyRequest; output: sdk.GetFunctionConcurrencyResponse };
  GetFunctionConfiguration: { input: sdk.GetFunctionConfigurationRequest; output: sdk.FunctionConfiguration };
  Invoke: { input: sdk.InvocationRequest; output: sdk.InvocationResponse };
  ListFunctions: { input: sdk.ListFunctionsRequest; output: sdk.ListFunctionsResponse };
  ListTags: { input: sdk.ListTagsRequest; output: sdk.ListTagsResponse };
  TagResource: { input: sdk.TagResourceRequest; output: Record<string, never> };
  UntagResource: { input: sdk.UntagResourceRequest; output: Record<string, never> };
  UpdateFunctionCode: { input: sdk.UpdateFunctionCodeRequest; output: sdk.FunctionConfiguration };
  UpdateFunctionConfiguration: { input: sdk.UpdateFunctionConfigurationRequest; output: sdk.FunctionConfiguration };
}

export type LambdaOperation<Name extends keyof WorkingTypes> = Operation<
  WorkingTypes[Name]['input'],
  WorkingTypes[Name]['output']
>;
