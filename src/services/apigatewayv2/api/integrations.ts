import type { ApiRecord, IntegrationDocument } from '../../../store/apis/api-record.ts';
import { apiOf, changeApi, newId, patched, patchedMap, replaced } from '../change.ts';
import { checkIntegration } from '../check-integration.ts';
import { newIntegration } from '../defaults.ts';
import { pageOf } from '../page.ts';
import { type Apigatewayv2Parts, conflict, notFound } from '../parts.ts';
import type { Apigatewayv2Operation } from './types.ts';

export function createIntegration(parts: Apigatewayv2Parts): Apigatewayv2Operation<'CreateIntegration'> {
  return {
    async handle({ ApiId, ...input }, context) {
      const IntegrationId = newId(parts.random, 7);
      const after = await changeApi(parts, context, ApiId, (record) => {
        const integration = newIntegration(record, { ...input, IntegrationId });
        checkIntegration(record, integration);
        return { ...record, integrations: [...record.integrations, integration] };
      });
      return integrationOf(after, IntegrationId);
    },
  };
}

export function getIntegration(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetIntegration'> {
  return { handle: ({ ApiId, IntegrationId }, context) => integrationOf(apiOf(parts, ApiId, context), IntegrationId) };
}

export function getIntegrations(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetIntegrations'> {
  return { handle: (input, context) => pageOf(apiOf(parts, input.ApiId, context).integrations, input) };
}

export function updateIntegration(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UpdateIntegration'> {
  return {
    async handle({ ApiId, IntegrationId, ...input }, context) {
      const after = await changeApi(parts, context, ApiId, (record) => {
        const before = integrationOf(record, IntegrationId);
        const integration = patched(before, {
          ...input,
          RequestParameters: patchedMap(before.RequestParameters, input.RequestParameters),
          ResponseParameters: patchedMap(before.ResponseParameters, input.ResponseParameters),
        });
        checkIntegration({ ...record, integrations: [] }, integration);
        return { ...record, integrations: replaced(record.integrations, before, integration) };
      });
      return integrationOf(after, IntegrationId);
    },
  };
}

export function deleteIntegration(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteIntegration'> {
  return {
    async handle({ ApiId, IntegrationId }, context) {
      await changeApi(parts, context, ApiId, (record) => {
        const integration = integrationOf(record, IntegrationId);
        const user = record.routes.find(({ Target }) => Target === `integrations/${IntegrationId}`);
        if (user !== undefined) {
          throw conflict(
            `Cannot delete Integration '${IntegrationId}' because it is referenced by Route '${user.RouteId}'`,
          );
        }
        return { ...record, integrations: record.integrations.filter((each) => each !== integration) };
      });
      return {};
    },
  };
}

function integrationOf({ integrations }: ApiRecord, id: string | undefined): IntegrationDocument {
  const integration = integrations.find(({ IntegrationId }) => IntegrationId === id);
  if (integration === undefined) throw notFound('Integration', id);
  return integration;
}
