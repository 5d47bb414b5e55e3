import type { IntegrationDocument, MethodDocument } from '../../store/restapis/rest-record.ts';
import { checkRequestMapping } from './check-mapping.ts';
import { functionOf, isAwsUri, withoutStageVariables } from './integration-uri.ts';
import { badRequest } from './parts.ts';

const methods = new Set(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
const passthroughs = new Set(['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER']);
const timeoutMsMin = 50;
const timeoutMsMax = 29_000;
const streamedMsMax = 900_000;
const templateBytesMax = 300 * 1024;

export function isHttpMethod(name: string | undefined): boolean {
  return methods.has(name ?? '');
}

export function checkIntegration(integration: IntegrationDocument): void {
  const { type, httpMethod, passthroughBehavior = '', timeoutInMillis = timeoutMsMax } = integration;
  if (type !== 'MOCK' && (httpMethod ?? '') === '')
    throw badRequest('Enumeration value for HttpMethod must be non-empty');
  if (httpMethod !== undefined && !isHttpMethod(httpMethod)) throw badRequest('Invalid HTTP method specified');
  if (integration.connectionType === 'VPC_LINK') {
    throw badRequest('VPC links are not there yet: the connection type is INTERNET');
  }
  if (!passthroughs.has(passthroughBehavior)) {
    throw badRequest(`Invalid passthrough behavior specified. Valid options: ${[...passthroughs].join(', ')}`);
  }
  const most = integration.responseTransferMode === 'STREAM' ? streamedMsMax : timeoutMsMax;
  if (timeoutInMillis < timeoutMsMin || timeoutInMillis > most) {
    throw badRequest(`Timeout should be between ${timeoutMsMin} ms and ${most} ms`);
  }
  if (integration.responseTransferMode === 'STREAM' && type !== 'AWS_PROXY' && type !== 'HTTP_PROXY') {
    throw badRequest('Responses are streamed for integrations of the types AWS_PROXY and HTTP_PROXY only');
  }
  if (type === 'AWS' || type === 'AWS_PROXY') checkAws(integration);
  else if (type !== 'MOCK') checkUrl(integration.uri);
  checkRequestMapping(integration.requestParameters);
  checkTemplates(integration.requestTemplates);
}

function checkAws({ uri = '' }: IntegrationDocument): void {
  if (!uri.startsWith('arn:')) throw badRequest('Invalid ARN specified in the request');
  if (!isAwsUri(uri)) throw badRequest('AWS ARN for integration must contain path or action');
  if (functionOf(withoutStageVariables(uri)) === undefined) {
    throw badRequest('Integrations of AWS services reach Lambda functions only on this server');
  }
}

function checkUrl(uri: string | undefined): void {
  const filled = withoutStageVariables(uri ?? '').replace(/\{[A-Za-z0-9._-]+\+?\}/g, 'x');
  const url = URL.canParse(filled) ? new URL(filled) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw badRequest('Invalid HTTP endpoint specified for URI');
}

export function checkTemplates(templates: Readonly<Record<string, string>> | undefined): void {
  for (const [type, template] of Object.entries(templates ?? {})) {
    if (Buffer.byteLength(template) > templateBytesMax) {
      throw badRequest(`The mapping template of ${type} is larger than ${templateBytesMax / 1024} KB`);
    }
  }
}

/** Names that its method's response with the same status declares. */
export function declaredHeaders({ methodResponses = {} }: MethodDocument, statusCode: string | undefined): string[] {
  const response = Object.hasOwn(methodResponses, statusCode ?? '') ? methodResponses[statusCode ?? ''] : undefined;
  return Object.keys(response?.responseParameters ?? {});
}
