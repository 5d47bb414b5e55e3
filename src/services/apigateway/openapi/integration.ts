/** `x-amazon-apigateway-integration`: what stands behind a method. */
import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { said } from '../change.ts';
import { newIntegration } from '../defaults.ts';
import { type Fields, fieldsOf, invalid, listOf, numberOf, textOf, textsOf } from './read.ts';

const types: Readonly<Record<string, NonNullable<Integration['type']>>> = {
  aws: 'AWS',
  aws_proxy: 'AWS_PROXY',
  http: 'HTTP',
  http_proxy: 'HTTP_PROXY',
  mock: 'MOCK',
};

/** What is written in lower case here is in upper case elsewhere. */
const upper = (value: unknown) => textOf(value)?.toUpperCase();

export function importedIntegration(value: unknown, resourceId: string): Integration | undefined {
  if (value === undefined) return undefined;
  const from = fieldsOf(value);
  const type = types[String(from.type).toLowerCase()];
  if (type === undefined) throw invalid(`the integration type ${textOf(from.type)} is not known`);
  return {
    ...newIntegration({
      ...{ restApiId: undefined, resourceId, httpMethod: undefined },
      type,
      uri: textOf(from.uri),
      integrationHttpMethod: upper(from.httpMethod),
      credentials: textOf(from.credentials),
      ...members(from),
    }),
    ...responsesOf(from.responses),
  };
}

function members(from: Fields): Partial<Integration> {
  const keys = listOf(from.cacheKeyParameters).map(String);
  return said({
    connectionType: upper(from.connectionType) as Integration['connectionType'], // checked with the integration
    connectionId: textOf(from.connectionId),
    passthroughBehavior: upper(from.passthroughBehavior),
    contentHandling: upper(from.contentHandling) as Integration['contentHandling'], // as on AWS, others mean nothing
    timeoutInMillis: numberOf(from.timeoutInMillis),
    requestParameters: from.requestParameters === undefined ? undefined : textsOf(from.requestParameters),
    requestTemplates: from.requestTemplates === undefined ? undefined : textsOf(from.requestTemplates),
    cacheNamespace: textOf(from.cacheNamespace),
    cacheKeyParameters: keys.length === 0 ? undefined : keys,
    responseTransferMode: upper(from.responseTransferMode) as Integration['responseTransferMode'], // BUFFERED or STREAM
  });
}

/** By pattern there, by status here; `default` is the one without a pattern. */
function responsesOf(value: unknown): Pick<Integration, 'integrationResponses'> {
  const all = Object.entries(fieldsOf(value)).map(([pattern, each]): [string, IntegrationResponse] => {
    const from = fieldsOf(each);
    const statusCode = textOf(from.statusCode) ?? '200';
    return [
      statusCode,
      said({
        statusCode,
        selectionPattern: pattern === 'default' ? undefined : pattern,
        responseParameters: from.responseParameters === undefined ? undefined : textsOf(from.responseParameters),
        responseTemplates: from.responseTemplates === undefined ? undefined : textsOf(from.responseTemplates),
        contentHandling: upper(from.contentHandling) as IntegrationResponse['contentHandling'], // as above
      }),
    ];
  });
  return all.length === 0 ? {} : { integrationResponses: Object.fromEntries(all) };
}
