import type { MethodResponse } from '@aws-sdk/client-api-gateway';
import type { MethodDocument } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeMethod, methodIn, own, said, withEntry } from '../change.ts';
import { checkDeclaredHeaders } from '../check-mapping.ts';
import { checkModels } from '../check-method.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, conflict, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = { '/responseParameters/*': 'boolean', '/responseModels/*': 'text' };

export function putMethodResponse(parts: ApigatewayParts): ApigatewayOperation<'PutMethodResponse'> {
  return {
    async handle({ restApiId, resourceId, httpMethod, ...input }, context) {
      const { statusCode = '' } = input;
      const place = { restApiId, resourceId, httpMethod };
      const after = await changeMethod(parts, context, place, (method, record) => {
        if (!/^[1-5]\d\d$/.test(statusCode)) throw badRequest('Invalid status code specified');
        if (own(method.methodResponses, statusCode)) throw conflict('Response already exists for this resource');
        checkDeclaredHeaders(input.responseParameters);
        checkModels(record, input.responseModels);
        return { ...method, methodResponses: withEntry(method.methodResponses, statusCode, said(input)) };
      });
      return responseOf(methodIn(after, place), statusCode);
    },
  };
}

export function getMethodResponse(parts: ApigatewayParts): ApigatewayOperation<'GetMethodResponse'> {
  return {
    handle: (input, context) => responseOf(methodIn(apiOf(parts, context, input.restApiId), input), input.statusCode),
  };
}

export function updateMethodResponse(parts: ApigatewayParts): ApigatewayOperation<'UpdateMethodResponse'> {
  return {
    async handle({ patchOperations, statusCode = '', ...place }, context) {
      const after = await changeMethod(parts, context, place, (method, record) => {
        const response = patched(responseOf(method, statusCode), patchOperations, fields);
        checkDeclaredHeaders(response.responseParameters);
        checkModels(record, response.responseModels);
        return { ...method, methodResponses: withEntry(method.methodResponses, statusCode, response) };
      });
      return responseOf(methodIn(after, place), statusCode);
    },
  };
}

export function deleteMethodResponse(parts: ApigatewayParts): ApigatewayOperation<'DeleteMethodResponse'> {
  return {
    async handle({ statusCode = '', ...place }, context) {
      await changeMethod(parts, context, place, (method) => {
        responseOf(method, statusCode);
        return { ...method, methodResponses: withEntry(method.methodResponses, statusCode, undefined) };
      });
      return {};
    },
  };
}

function responseOf({ methodResponses }: MethodDocument, statusCode: string | undefined): MethodResponse {
  const response = own(methodResponses, statusCode ?? '');
  if (response === undefined) throw notFound('Response status code');
  return response;
}
