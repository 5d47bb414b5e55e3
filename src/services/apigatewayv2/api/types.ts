import type { Apigatewayv2Types } from '../../../aws/models/apigatewayv2.types.ts';
import type { Operation } from '../../../aws/operation.ts';

export type Apigatewayv2Operation<Name extends keyof Apigatewayv2Types> = Operation<
  Apigatewayv2Types[Name]['input'],
  Apigatewayv2Types[Name]['output']
>;
