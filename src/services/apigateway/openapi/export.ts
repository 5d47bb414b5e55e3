/** A stage's content as a document: what other programs make clients, tests and pages of. */
import type { Integration } from '@aws-sdk/client-api-gateway';
import type { ApiContent, AuthorizerDocument, MethodDocument } from '../../../store/restapis/rest-record.ts';
import { said } from '../change.ts';
import { exportedSettings, exportedValidators } from './export-settings.ts';

export interface ExportOptions {
  readonly version: 'oas30' | 'swagger';
  readonly integrations: boolean;
  readonly authorizers: boolean;
  /** Of the API as a whole. */
  readonly settings: boolean;
  readonly scheme: string;
  readonly host: string;
  readonly stageName: string;
}

export function exported(content: ApiContent, options: ExportOptions): object {
  const { api, resources, models } = content;
  const info = said({ title: api.name, description: api.description, version: api.version ?? '1.0' });
  const oas3 = options.version === 'oas30';
  const link = oas3 ? '#/components/schemas/' : '#/definitions/';
  const schemas = Object.fromEntries(models.map(({ name = '', schema }) => [name, schemaOf(schema, link)]));
  const security = securitySchemes(content, options);
  const paths = Object.fromEntries(
    resources
      .filter(({ resourceMethods }) => Object.keys(resourceMethods).length > 0)
      .map(({ path, resourceMethods }) => [
        path,
        Object.fromEntries(
          Object.entries(resourceMethods).map(([name, method]) => [
            name === 'ANY' ? 'x-amazon-apigateway-any-method' : name.toLowerCase(),
            operation(content, method, { ...options, link }),
          ]),
        ),
      ]),
  );
  const extensions = { ...exportedValidators(content), ...(options.settings ? exportedSettings(content) : {}) };
  const place = { host: options.host, basePath: `/${options.stageName}` };
  return oas3
    ? {
        openapi: '3.0.1',
        info,
        servers: [
          {
            url: `${options.scheme}://${place.host}/{basePath}`,
            variables: { basePath: { default: options.stageName } },
          },
        ],
        paths,
        components: { schemas, securitySchemes: security },
        ...extensions,
      }
    : {
        swagger: '2.0',
        info,
        ...place,
        schemes: [options.scheme],
        paths,
        securityDefinitions: security,
        definitions: schemas,
        ...extensions,
      };
}

type Linked = ExportOptions & { readonly link: string };

function operation(content: ApiContent, method: MethodDocument, options: Linked): object {
  const oas3 = options.version === 'oas30';
  const { requestModels = {}, methodResponses = {} } = method;
  const body = Object.entries(requestModels);
  const parameters = parametersOf(method, oas3);
  const [model] = body.map(([, name]) => name);
  const bodyParameter =
    oas3 || model === undefined
      ? []
      : [{ in: 'body', name: model, required: true, schema: { $ref: options.link + model } }];
  const all = [...parameters, ...bodyParameter];
  const validator = content.validators.find(({ id }) => id === method.requestValidatorId)?.name;
  return said({
    operationId: method.operationName,
    consumes: oas3 || body.length === 0 ? undefined : body.map(([type]) => type),
    parameters: all.length === 0 ? undefined : all,
    requestBody: oas3 && body.length > 0 ? { content: contentOf(requestModels, options), required: true } : undefined,
    responses: Object.fromEntries(
      Object.values(methodResponses).map(({ statusCode = '200', responseParameters = {}, responseModels = {} }) => {
        const names = Object.keys(responseParameters).map((each) => each.split('.').slice(3).join('.'));
        const headers = Object.fromEntries(
          names.map((name) => [name, oas3 ? { schema: { type: 'string' } } : { type: 'string' }]),
        );
        const [first] = Object.values(responseModels);
        const schema = oas3
          ? { content: contentOf(responseModels, options) }
          : first && { schema: { $ref: options.link + first } };
        return [statusCode, { description: `${statusCode} response`, headers, ...schema }];
      }),
    ),
    security: securityOf(content, method),
    'x-amazon-apigateway-request-validator': validator,
    'x-amazon-apigateway-integration': options.integrations ? integrationOf(method.methodIntegration) : undefined,
  });
}

function parametersOf({ requestParameters = {} }: MethodDocument, oas3: boolean): object[] {
  return Object.entries(requestParameters).map(([key, required]) => {
    const [, , place = '', ...name] = key.split('.');
    const where = place.includes('header') ? 'header' : place === 'path' ? 'path' : 'query';
    const type = oas3 ? { schema: { type: 'string' } } : { type: 'string' };
    return { name: name.join('.'), in: where, required: required || where === 'path', ...type };
  });
}

function contentOf(models: Readonly<Record<string, string>>, { link }: Linked): object {
  return Object.fromEntries(Object.entries(models).map(([type, name]) => [type, { schema: { $ref: link + name } }]));
}

function integrationOf(integration: Integration | undefined): object | undefined {
  if (integration === undefined) return undefined;
  const { type, integrationResponses = {}, passthroughBehavior, cacheKeyParameters: _, ...rest } = integration;
  const responses = Object.values(integrationResponses).map(({ selectionPattern, ...each }) => [
    selectionPattern ?? 'default',
    each,
  ]);
  return said({
    type: type?.toLowerCase(),
    ...rest,
    passthroughBehavior: passthroughBehavior?.toLowerCase(),
    responses: responses.length === 0 ? undefined : Object.fromEntries(responses),
  });
}

function securityOf({ authorizers }: ApiContent, method: MethodDocument): object[] | undefined {
  const authorizer = authorizers.find(({ id }) => id === method.authorizerId);
  const all = [
    ...(method.apiKeyRequired ? [{ api_key: [] }] : []),
    ...(method.authorizationType === 'AWS_IAM' ? [{ sigv4: [] }] : []),
    ...(authorizer?.name === undefined ? [] : [{ [authorizer.name]: method.authorizationScopes ?? [] }]),
  ];
  return all.length === 0 ? undefined : all;
}

function securitySchemes({ authorizers }: ApiContent, options: ExportOptions): object {
  const header = (name: string) => ({ type: 'apiKey', name, in: 'header' });
  return {
    api_key: header('x-api-key'),
    sigv4: { ...header('Authorization'), 'x-amazon-apigateway-authtype': 'awsSigv4' },
    ...Object.fromEntries(
      authorizers.map((each) => [each.name, { ...header(headerName(each)), ...extension(each, options) }]),
    ),
  };
}

function headerName({ identitySource = '' }: AuthorizerDocument): string {
  return /^method\.request\.header\.([^\s,]+)$/.exec(identitySource)?.[1] ?? 'Unused';
}

function extension(
  { id: _, name: __, authType, type, ...rest }: AuthorizerDocument,
  { authorizers }: ExportOptions,
): object {
  if (!authorizers) return {};
  return {
    'x-amazon-apigateway-authtype': authType,
    'x-amazon-apigateway-authorizer': { type: type?.toLowerCase(), ...rest },
  };
}

function schemaOf(schema: string | undefined, link: string): unknown {
  try {
    const text = (schema ?? '{}').replace(
      /"https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/"]*\/models\/(\w+)"/g,
      `"${link}$1"`,
    );
    const { $schema: _, ...rest } = JSON.parse(text);
    return rest;
  } catch {
    return {};
  }
}
