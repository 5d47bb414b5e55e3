import type { IntegrationResponse } from '@aws-sdk/client-api-gateway';
import type { MethodDocument } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeMethod, methodIn, own, said, withEntry } from '../change.ts';
import { checkTemplates, declaredHeaders } from '../check-integration.ts';
import { checkResponseMapping } from '../check-mapping.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';
import { integrationOf } from './integrations.ts';

const fields: Fields = {
  '/selectionPattern': 'text',
  '/responseParameters/*': 'text',
  '/responseTemplates/*': 'text',
  '/contentHandling': 'text',
};

export function putIntegrationResponse(parts: ApigatewayParts): ApigatewayOperation<'PutIntegrationResponse'> {
  return {
    async handle({ restApiId, resourceId, httpMethod, ...input }, context) {
      const { statusCode = '' } = input;
      const place = { restApiId, resourceId, httpMethod };
      const after = await changeMethod(parts, context, place, (method) =>
        withResponse(method, statusCode, said(input)),
      );
      return responseOf(methodIn(after, place), statusCode);
    },
  };
}

export function getIntegrationResponse(parts: ApigatewayParts): ApigatewayOperation<'GetIntegrationResponse'> {
  return {
    handle: (input, context) => responseOf(methodIn(apiOf(parts, context, input.restApiId), input), input.statusCode),
  };
}

export function updateIntegrationResponse(parts: ApigatewayParts): ApigatewayOperation<'UpdateIntegrationResponse'> {
  return {
    async handle({ patchOperations, statusCode = '', ...place }, context) {
      const after = await changeMethod(parts, context, place, (method) => {
        return withResponse(method, statusCode, patched(responseOf(method, statusCode), patchOperations, fields));
      });
      return responseOf(methodIn(after, place), statusCode);
    },
  };
}

export function deleteIntegrationResponse(parts: ApigatewayParts): ApigatewayOperation<'DeleteIntegrationResponse'> {
  return {
    async handle({ statusCode = '', ...place }, context) {
      await changeMethod(parts, context, place, (method) => {
        responseOf(method, statusCode);
        return changed(method, statusCode, undefined);
      });
      return {};
    },
  };
}

function withResponse(method: MethodDocument, statusCode: string, response: IntegrationResponse): MethodDocument {
  if (own(method.methodResponses, statusCode) === undefined) throw notFound('Response status code');
  checkSelection(response.selectionPattern);
  checkResponseMapping(response.responseParameters, declaredHeaders(method, statusCode));
  checkTemplates(response.responseTemplates);
  return changed(method, statusCode, response);
}

function changed(
  method: MethodDocument,
  statusCode: string,
  response: IntegrationResponse | undefined,
): MethodDocument {
  const integration = integrationOf(method);
  const integrationResponses = withEntry(integration.integrationResponses, statusCode, response);
  return { ...method, methodIntegration: { ...integration, integrationResponses } };
}

function checkSelection(pattern: string | undefined): void {
  try {
    if (pattern !== undefined) new RegExp(pattern);
  } catch {
    throw badRequest(`Invalid selection pattern specified: ${pattern}`);
  }
}

function responseOf(method: MethodDocument, statusCode: string | undefined): IntegrationResponse {
  const response = own(integrationOf(method).integrationResponses, statusCode ?? '');
  if (response === undefined) throw notFound('Response status code');
  return response;
}
