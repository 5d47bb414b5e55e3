/** What API Gateway itself answers with, by the reason, as long as nobody has changed it. */
import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import type { ApiContent, GatewayResponseDocument } from '../../store/restapis/rest-record.ts';

/** No status: that of the failure itself. */
const statusOf: Readonly<Record<GatewayResponseType, string | undefined>> = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
};

const types = Object.keys(statusOf) as GatewayResponseType[]; // the keys of the record above

export function isResponseType(name: string | undefined): name is GatewayResponseType {
  return types.some((each) => each === name);
}

export function gatewayResponses(content: Pick<ApiContent, 'gatewayResponses'>): GatewayResponse[] {
  return types.map((type) => gatewayResponse(content, type));
}

export function gatewayResponse(
  { gatewayResponses: custom }: Pick<ApiContent, 'gatewayResponses'>,
  type: GatewayResponseType,
): GatewayResponse {
  return custom.find(({ responseType }) => responseType === type) ?? defaultResponse(type);
}

/** A response of its own, or what somebody has said of all of its family. */
export function effectiveResponse(
  content: Pick<ApiContent, 'gatewayResponses'>,
  type: GatewayResponseType,
): GatewayResponse {
  const own = gatewayResponse(content, type);
  if (own.defaultResponse !== true) return own;
  const family = gatewayResponse(content, own.statusCode?.startsWith('5') ? 'DEFAULT_5XX' : 'DEFAULT_4XX');
  return family.defaultResponse === true ? own : { ...family, statusCode: family.statusCode ?? own.statusCode };
}

function defaultResponse(responseType: GatewayResponseType): GatewayResponseDocument {
  return {
    responseType,
    statusCode: statusOf[responseType],
    responseParameters: {},
    responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
    defaultResponse: true,
  };
}
