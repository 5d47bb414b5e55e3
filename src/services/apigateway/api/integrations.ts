import type { IntegrationDocument, MethodDocument } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeMethod, methodIn } from '../change.ts';
import { checkIntegration } from '../check-integration.ts';
import { newIntegration } from '../defaults.ts';
import { type ApigatewayOperation, type ApigatewayParts, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = {
  '/type': 'text',
  '/httpMethod': 'text',
  '/uri': 'text',
  '/connectionType': 'text',
  '/connectionId': 'optional',
  '/credentials': 'optional',
  '/requestParameters/*': 'text',
  '/requestTemplates/*': 'text',
  '/passthroughBehavior': 'text',
  '/contentHandling': 'optional',
  '/timeoutInMillis': 'integer',
  '/cacheNamespace': 'text',
  '/cacheKeyParameters/*': 'item',
  '/tlsConfig/insecureSkipVerification': 'boolean',
  '/responseTransferMode': 'text',
};

export function putIntegration(parts: ApigatewayParts): ApigatewayOperation<'PutIntegration'> {
  return {
    async handle(input, context) {
      const integration = newIntegration(input);
      const after = await changeMethod(parts, context, input, (method) => {
        checkIntegration(integration);
        return { ...method, methodIntegration: integration };
      });
      return integrationOf(methodIn(after, input));
    },
  };
}

export function getIntegration(parts: ApigatewayParts): ApigatewayOperation<'GetIntegration'> {
  return { handle: (input, context) => integrationOf(methodIn(apiOf(parts, context, input.restApiId), input)) };
}

export function updateIntegration(parts: ApigatewayParts): ApigatewayOperation<'UpdateIntegration'> {
  return {
    async handle({ patchOperations, ...place }, context) {
      const after = await changeMethod(parts, context, place, (method) => {
        const integration = patched(integrationOf(method), patchOperations, fields);
        checkIntegration(integration);
        return { ...method, methodIntegration: integration };
      });
      return integrationOf(methodIn(after, place));
    },
  };
}

export function deleteIntegration(parts: ApigatewayParts): ApigatewayOperation<'DeleteIntegration'> {
  return {
    async handle(place, context) {
      await changeMethod(parts, context, place, (method) => {
        integrationOf(method);
        const { methodIntegration: _, ...rest } = method;
        return rest;
      });
      return {};
    },
  };
}

export function integrationOf({ methodIntegration }: MethodDocument): IntegrationDocument {
  if (methodIntegration === undefined) throw notFound('Integration identifier');
  return methodIntegration;
}
