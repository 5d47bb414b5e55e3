import type { AuthorizerDocument, RestApiRecord } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeApi, newId, replaced, said } from '../change.ts';
import { checkAuthorizer } from '../check-authorizer.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, conflict, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = {
  '/name': 'text',
  '/type': 'text',
  '/authType': 'text',
  '/authorizerUri': 'text',
  '/authorizerCredentials': 'optional',
  '/identitySource': 'text',
  '/identityValidationExpression': 'optional',
  '/authorizerResultTtlInSeconds': 'integer',
  '/providerARNs': 'listed',
};

export function createAuthorizer(parts: ApigatewayParts): ApigatewayOperation<'CreateAuthorizer'> {
  return {
    async handle({ restApiId, ...input }, context) {
      const authorizer = newAuthorizer(newId(parts), input);
      await changeApi(parts, context, restApiId, (record) => {
        checkAuthorizer(record, authorizer);
        return { ...record, authorizers: [...record.authorizers, authorizer] };
      });
      return authorizer;
    },
  };
}

export function newAuthorizer(id: string, input: AuthorizerDocument): AuthorizerDocument {
  const cognito = input.type === 'COGNITO_USER_POOLS';
  const authType = cognito ? 'cognito_user_pools' : 'custom';
  const cached = cognito ? {} : { authorizerResultTtlInSeconds: 300 };
  const source = cognito ? { identitySource: 'method.request.header.Authorization' } : {};
  return { id, authType, ...source, ...cached, ...said(input) };
}

export function getAuthorizer(parts: ApigatewayParts): ApigatewayOperation<'GetAuthorizer'> {
  return {
    handle: ({ restApiId, authorizerId }, context) => authorizerOf(apiOf(parts, context, restApiId), authorizerId),
  };
}

export function getAuthorizers(parts: ApigatewayParts): ApigatewayOperation<'GetAuthorizers'> {
  return { handle: (input, context) => pageOf(apiOf(parts, context, input.restApiId).authorizers, input) };
}

export function updateAuthorizer(parts: ApigatewayParts): ApigatewayOperation<'UpdateAuthorizer'> {
  return {
    async handle({ restApiId, authorizerId, patchOperations }, context) {
      const after = await changeApi(parts, context, restApiId, (record) => {
        const before = authorizerOf(record, authorizerId);
        const authorizer = patched(before, patchOperations, fields);
        const others = record.authorizers.filter((each) => each !== before);
        checkAuthorizer({ ...record, authorizers: others }, authorizer);
        return { ...record, authorizers: replaced(record.authorizers, before, authorizer) };
      });
      return authorizerOf(after, authorizerId);
    },
  };
}

export function deleteAuthorizer(parts: ApigatewayParts): ApigatewayOperation<'DeleteAuthorizer'> {
  return {
    async handle({ restApiId, authorizerId }, context) {
      await changeApi(parts, context, restApiId, (record) => {
        const authorizer = authorizerOf(record, authorizerId);
        const user = record.resources.find(({ resourceMethods }) =>
          Object.values(resourceMethods).some((method) => method.authorizerId === authorizerId),
        );
        if (user !== undefined) {
          throw conflict(
            `Cannot delete authorizer '${authorizerId}', is referenced in method of resource: ${user.path}`,
          );
        }
        return { ...record, authorizers: record.authorizers.filter((each) => each !== authorizer) };
      });
      return {};
    },
  };
}

function authorizerOf({ authorizers }: RestApiRecord, id: string | undefined): AuthorizerDocument {
  const authorizer = authorizers.find((each) => each.id === id);
  if (authorizer === undefined) throw notFound('Authorizer identifier');
  return authorizer;
}
