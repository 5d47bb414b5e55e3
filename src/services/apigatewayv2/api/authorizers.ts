import type { ApiRecord, AuthorizerDocument } from '../../../store/apis/api-record.ts';
import { apiOf, changeApi, newId, patched, replaced } from '../change.ts';
import { checkAuthorizer } from '../check-authorizer.ts';
import { newAuthorizer } from '../defaults.ts';
import { pageOf } from '../page.ts';
import { type Apigatewayv2Parts, conflict, notFound } from '../parts.ts';
import type { Apigatewayv2Operation } from './types.ts';

export function createAuthorizer(parts: Apigatewayv2Parts): Apigatewayv2Operation<'CreateAuthorizer'> {
  return {
    async handle({ ApiId, ...input }, context) {
      const AuthorizerId = newId(parts.random, 6);
      const after = await changeApi(parts, context, ApiId, (record) => {
        const authorizer = newAuthorizer(record, { ...input, AuthorizerId });
        checkAuthorizer(record, authorizer);
        return { ...record, authorizers: [...record.authorizers, authorizer] };
      });
      return authorizerOf(after, AuthorizerId);
    },
  };
}

export function getAuthorizer(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetAuthorizer'> {
  return { handle: ({ ApiId, AuthorizerId }, context) => authorizerOf(apiOf(parts, ApiId, context), AuthorizerId) };
}

export function getAuthorizers(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetAuthorizers'> {
  return { handle: (input, context) => pageOf(apiOf(parts, input.ApiId, context).authorizers, input) };
}

export function updateAuthorizer(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UpdateAuthorizer'> {
  return {
    async handle({ ApiId, AuthorizerId, ...input }, context) {
      const after = await changeApi(parts, context, ApiId, (record) => {
        const before = authorizerOf(record, AuthorizerId);
        const authorizer = patched(before, input);
        checkAuthorizer({ ...record, authorizers: record.authorizers.filter((each) => each !== before) }, authorizer);
        return { ...record, authorizers: replaced(record.authorizers, before, authorizer) };
      });
      return authorizerOf(after, AuthorizerId);
    },
  };
}

export function deleteAuthorizer(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteAuthorizer'> {
  return {
    async handle({ ApiId, AuthorizerId }, context) {
      await changeApi(parts, context, ApiId, (record) => {
        const authorizer = authorizerOf(record, AuthorizerId);
        const user = record.routes.find((route) => route.AuthorizerId === AuthorizerId);
        if (user !== undefined) {
          throw conflict(
            `Cannot delete Authorizer '${AuthorizerId}' because it is referenced by Route '${user.RouteId}'`,
          );
        }
        return { ...record, authorizers: record.authorizers.filter((each) => each !== authorizer) };
      });
      return {};
    },
  };
}

function authorizerOf({ authorizers }: ApiRecord, id: string | undefined): AuthorizerDocument {
  const authorizer = authorizers.find(({ AuthorizerId }) => AuthorizerId === id);
  if (authorizer === undefined) throw notFound('Authorizer', id);
  return authorizer;
}
