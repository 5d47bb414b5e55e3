/** What members are when nobody says, as AWS shows them. */
import type { CreateRestApiRequest, Model, PutIntegrationRequest } from '@aws-sdk/client-api-gateway';
import type { Random } from '../../base/random.ts';
import { shortId } from '../../base/short-id.ts';
import type {
  IntegrationDocument,
  ResourceDocument,
  RestApiRecord,
  RestScope,
} from '../../store/restapis/rest-record.ts';
import { said } from './change.ts';

export interface NewApi extends RestScope {
  readonly id: string;
  readonly createdAt: number;
  readonly random: Random;
}

export function newApi(input: Omit<CreateRestApiRequest, 'cloneFrom'>, { random, ...where }: NewApi): RestApiRecord {
  const { endpointConfiguration, ...rest } = input;
  return {
    ...where,
    api: {
      apiKeySource: 'HEADER',
      disableExecuteApiEndpoint: false,
      ...said(rest),
      endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4', ...said(endpointConfiguration ?? {}) },
    },
    resources: [rootResource(random)],
    models: firstModels(random),
    validators: [],
    authorizers: [],
    gatewayResponses: [],
    stages: [],
  };
}

export function rootResource(random: Random): ResourceDocument {
  return { id: shortId(random, 10), path: '/', resourceMethods: {} };
}

/** Every API has these two from its beginning. */
export function firstModels(random: Random): Model[] {
  const draft = '"$schema" : "http://json-schema.org/draft-04/schema#"';
  return [
    {
      id: shortId(random, 6),
      name: 'Empty',
      description: 'This is a default empty schema model',
      schema: `{\n  ${draft},\n  "title" : "Empty Schema",\n  "type" : "object"\n}`,
      contentType: 'application/json',
    },
    {
      id: shortId(random, 6),
      name: 'Error',
      description: 'This is a default error schema model',
      schema: `{\n  ${draft},\n  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}`,
      contentType: 'application/json',
    },
  ];
}

export function newIntegration({
  restApiId: _,
  resourceId,
  httpMethod: __,
  integrationHttpMethod,
  ...input
}: PutIntegrationRequest): IntegrationDocument {
  return {
    passthroughBehavior: 'WHEN_NO_MATCH',
    timeoutInMillis: 29_000,
    cacheNamespace: resourceId,
    cacheKeyParameters: [],
    ...said({ ...input, httpMethod: integrationHttpMethod }),
  };
}
