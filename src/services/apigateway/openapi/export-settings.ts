/** What a document says of an API as a whole in API Gateway's own words, so that an import makes the same API again. */
import type { ApiContent, ApiSettings } from '../../../store/restapis/rest-record.ts';
import { said } from '../change.ts';

/** Operations name their validators; without these, an import would not know what they check. */
export function exportedValidators({ validators }: ApiContent): object {
  const named = validators.map(({ id: _, name = '', ...checks }) => [name, checks]);
  return named.length === 0 ? {} : { 'x-amazon-apigateway-request-validators': Object.fromEntries(named) };
}

export function exportedSettings({ api, gatewayResponses }: ApiContent): object {
  const { apiKeySource, binaryMediaTypes = [], disableExecuteApiEndpoint, minimumCompressionSize } = api;
  const responses = gatewayResponses.map(({ responseType = '', defaultResponse: _, ...each }) => [responseType, each]);
  return said({
    'x-amazon-apigateway-policy': policyOf(api),
    'x-amazon-apigateway-api-key-source': apiKeySource === 'HEADER' ? undefined : apiKeySource,
    'x-amazon-apigateway-minimum-compression-size': minimumCompressionSize,
    'x-amazon-apigateway-binary-media-types': binaryMediaTypes.length === 0 ? undefined : binaryMediaTypes,
    'x-amazon-apigateway-gateway-responses': responses.length === 0 ? undefined : Object.fromEntries(responses),
    'x-amazon-apigateway-endpoint-configuration': disableExecuteApiEndpoint ? { disableExecuteApiEndpoint } : undefined,
  });
}

/** It was read when it was put. */
function policyOf({ policy }: ApiSettings): unknown {
  return policy === undefined || policy === '' ? undefined : JSON.parse(policy);
}
