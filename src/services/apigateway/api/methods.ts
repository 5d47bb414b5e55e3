import { apiOf, changeApi, changeMethod, methodIn, own, resourceOf, said, withMethod } from '../change.ts';
import { isHttpMethod } from '../check-integration.ts';
import { checkMethod } from '../check-method.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, conflict } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = {
  '/authorizationType': 'text',
  '/authorizerId': 'optional',
  '/authorizationScopes': 'listed',
  '/apiKeyRequired': 'boolean',
  '/operationName': 'optional',
  '/requestValidatorId': 'optional',
  '/requestParameters/*': 'boolean',
  '/requestModels/*': 'text',
};

export function putMethod(parts: ApigatewayParts): ApigatewayOperation<'PutMethod'> {
  return {
    async handle({ restApiId, resourceId, ...input }, context) {
      const { httpMethod = '' } = input;
      const after = await changeApi(parts, context, restApiId, (record) => {
        const resource = resourceOf(record, resourceId);
        if (!isHttpMethod(httpMethod)) throw badRequest('Invalid HTTP method specified');
        if (own(resource.resourceMethods, httpMethod)) throw conflict('Method already exists for this resource');
        const method = { ...said(input), apiKeyRequired: input.apiKeyRequired ?? false };
        checkMethod(record, method);
        return withMethod(record, resource, httpMethod, method);
      });
      return methodIn(after, { resourceId, httpMethod });
    },
  };
}

export function getMethod(parts: ApigatewayParts): ApigatewayOperation<'GetMethod'> {
  return { handle: (input, context) => methodIn(apiOf(parts, context, input.restApiId), input) };
}

export function updateMethod(parts: ApigatewayParts): ApigatewayOperation<'UpdateMethod'> {
  return {
    async handle({ patchOperations, ...place }, context) {
      const after = await changeMethod(parts, context, place, (before, record) => {
        const method = patched(before, patchOperations, fields);
        checkMethod(record, method);
        return method;
      });
      return methodIn(after, place);
    },
  };
}

export function deleteMethod(parts: ApigatewayParts): ApigatewayOperation<'DeleteMethod'> {
  return {
    async handle(place, context) {
      await changeMethod(parts, context, place, () => undefined);
      return {};
    },
  };
}
