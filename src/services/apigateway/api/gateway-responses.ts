import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import type { RestApiRecord } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeApi, said } from '../change.ts';
import { checkTemplates } from '../check-integration.ts';
import { checkGatewayMapping } from '../check-mapping.ts';
import { gatewayResponse, gatewayResponses, isResponseType } from '../gateway-responses.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';

const fields: Fields = { '/statusCode': 'text', '/responseParameters/*': 'text', '/responseTemplates/*': 'text' };

export function putGatewayResponse(parts: ApigatewayParts): ApigatewayOperation<'PutGatewayResponse'> {
  return {
    async handle({ restApiId, ...input }, context) {
      const type = typeOf(input.responseType);
      const after = await changeApi(parts, context, restApiId, (record) => {
        const { statusCode, responseTemplates } = gatewayResponse({ gatewayResponses: [] }, type);
        return withResponse(record, { statusCode, responseParameters: {}, responseTemplates, ...said(input) }, type);
      });
      return gatewayResponse(after, type);
    },
  };
}

export function getGatewayResponse(parts: ApigatewayParts): ApigatewayOperation<'GetGatewayResponse'> {
  return {
    handle: ({ restApiId, responseType }, context) =>
      gatewayResponse(apiOf(parts, context, restApiId), typeOf(responseType)),
  };
}

export function getGatewayResponses(parts: ApigatewayParts): ApigatewayOperation<'GetGatewayResponses'> {
  return { handle: (input, context) => pageOf(gatewayResponses(apiOf(parts, context, input.restApiId)), input) };
}

export function updateGatewayResponse(parts: ApigatewayParts): ApigatewayOperation<'UpdateGatewayResponse'> {
  return {
    async handle({ restApiId, responseType, patchOperations }, context) {
      const type = typeOf(responseType);
      const after = await changeApi(parts, context, restApiId, (record) => {
        return withResponse(record, patched(gatewayResponse(record, type), patchOperations, fields), type);
      });
      return gatewayResponse(after, type);
    },
  };
}

export function deleteGatewayResponse(parts: ApigatewayParts): ApigatewayOperation<'DeleteGatewayResponse'> {
  return {
    async handle({ restApiId, responseType }, context) {
      await changeApi(parts, context, restApiId, (record) => {
        const kept = record.gatewayResponses.filter((each) => each.responseType !== responseType);
        if (kept.length === record.gatewayResponses.length) throw notFound('Gateway response type');
        return { ...record, gatewayResponses: kept };
      });
      return {};
    },
  };
}

export function withResponse(
  record: RestApiRecord,
  response: GatewayResponse,
  type: GatewayResponseType,
): RestApiRecord {
  const { statusCode } = response;
  if (statusCode !== undefined && !/^[1-5]\d\d$/.test(statusCode)) throw badRequest('Invalid status code specified');
  checkGatewayMapping(response.responseParameters);
  checkTemplates(response.responseTemplates);
  const others = record.gatewayResponses.filter((each) => each.responseType !== type);
  return { ...record, gatewayResponses: [...others, { ...response, responseType: type, defaultResponse: false }] };
}

function typeOf(name: string | undefined): GatewayResponseType {
  if (!isResponseType(name)) throw badRequest('Invalid Gateway response type specified');
  return name;
}
