import type { ApiRecord, IntegrationDocument } from '../../store/apis/api-record.ts';
import { checkRequestParameters, checkResponseParameters } from './check-mapping.ts';
import { looksLikeFunction } from './lambda-uri.ts';
import { badRequest, checkRole, tooMany } from './parts.ts';

const integrationsMax = 300;
const methods = new Set(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** Whether an integration may be among those of its API; `record` is without it. */
export function checkIntegration(record: ApiRecord, integration: IntegrationDocument): void {
  if (record.integrations.length >= integrationsMax) throw tooMany('Integrations per API', integrationsMax);
  const { IntegrationType: type, ConnectionType, IntegrationSubtype, IntegrationMethod } = integration;
  checkRole(integration.CredentialsArn, record.accountId);
  if (ConnectionType === 'VPC_LINK') throw badRequest('VPC links are not there yet: the connection type is INTERNET');
  if (IntegrationSubtype !== undefined) {
    throw badRequest(`The integration subtype ${IntegrationSubtype} is not there yet`);
  }
  if (IntegrationMethod !== undefined && !methods.has(IntegrationMethod)) {
    throw badRequest(`Invalid HTTP method: ${IntegrationMethod}`);
  }
  if (type === 'AWS_PROXY') checkFunction(integration);
  else if (type === 'HTTP_PROXY' && record.api.ProtocolType === 'HTTP') checkUrl(integration);
  else throw badRequest(`The integration type ${type} is not supported for ${record.api.ProtocolType} APIs here`);
  if (record.api.ProtocolType !== 'WEBSOCKET') checkHttpOnly(integration);
}

function checkFunction({ IntegrationUri, PayloadFormatVersion }: IntegrationDocument): void {
  if (!looksLikeFunction(IntegrationUri))
    throw badRequest(`Invalid function ARN or invalid uri: ${IntegrationUri ?? ''}`);
  if (!['1.0', '2.0'].includes(PayloadFormatVersion ?? '')) {
    throw badRequest(`PayloadFormatVersion ${PayloadFormatVersion} is not supported: it is 1.0 or 2.0`);
  }
}

function checkUrl({ IntegrationUri = '', IntegrationMethod, PayloadFormatVersion }: IntegrationDocument): void {
  const filled = IntegrationUri.replace(/\$\{stageVariables\.\w+\}|\{[A-Za-z0-9._-]+\+?\}/g, 'x');
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw badRequest('Invalid HTTP endpoint specified for URI');
  }
  if (IntegrationMethod === undefined) throw badRequest('HttpMethod must be specified for HTTP_PROXY integrations');
  if (PayloadFormatVersion !== '1.0') throw badRequest('HTTP_PROXY integrations support PayloadFormatVersion 1.0');
}

function checkHttpOnly(integration: IntegrationDocument): void {
  const { RequestTemplates, ContentHandlingStrategy, TemplateSelectionExpression } = integration;
  if (
    RequestTemplates !== undefined ||
    ContentHandlingStrategy !== undefined ||
    TemplateSelectionExpression !== undefined
  ) {
    throw badRequest('Templates and content handling are not supported for HTTP APIs');
  }
  checkRequestParameters(integration.RequestParameters ?? {});
  checkResponseParameters(integration.ResponseParameters ?? {});
}
