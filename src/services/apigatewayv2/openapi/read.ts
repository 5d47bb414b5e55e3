/** From an OpenAPI document to the routes, integrations and authorizers that it describes. */
import type { AuthorizationType, Authorizer, Cors, Integration } from '@aws-sdk/client-apigatewayv2';
import { badRequest } from '../parts.ts';
import { bool, type Fields, fields, number, own, resolved, text, textMap, texts } from './document.ts';

export interface DescribedApi {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly cors: Cors | undefined;
  readonly tags: Record<string, string>;
  readonly authorizers: readonly Authorizer[];
  readonly routes: readonly DescribedRoute[];
  readonly warnings: readonly string[];
}

export interface DescribedRoute {
  readonly key: string;
  readonly operationName: string | undefined;
  readonly integration: Integration | undefined;
  readonly authorization: Authorization;
}

export interface Authorization {
  readonly type: AuthorizationType;
  /** The authorizer's, which is its security scheme's. */
  readonly name?: string;
  readonly scopes?: string[];
}

const anyMethod = 'x-amazon-apigateway-any-method';
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', anyMethod];

export function readDescription(document: Fields, basepath: string | undefined): DescribedApi {
  const info = fields(document.info);
  const schemes = fields(own(document.components, 'securitySchemes'));
  const prefix = prefixOf(document, basepath);
  const routes = Object.entries(fields(document.paths)).flatMap(([path, item]) =>
    methods
      .filter((method) => own(item, method) !== undefined)
      .map((method) => routeOf(document, { path, prefix, method, operation: fields(own(item, method)) })),
  );
  return {
    name: text(info.title),
    version: text(info.version),
    description: text(info.description),
    cors: corsOf(document['x-amazon-apigateway-cors']),
    tags: tagsOf(document.tags),
    authorizers: Object.entries(schemes).flatMap(([name, scheme]) => authorizerOf(name, scheme)),
    routes,
    warnings: routes
      .filter(({ integration }) => integration === undefined)
      .map(({ key }) => `No integration for ${key}`),
  };
}

/** The base path of the first server counts only when the caller says so. */
function prefixOf(document: Fields, basepath = 'ignore'): string {
  if (!['ignore', 'prepend', 'split'].includes(basepath)) throw badRequest(`Invalid basepath: ${basepath}`);
  if (basepath === 'ignore') return '';
  const [server] = Array.isArray(document.servers) ? document.servers : [];
  const variable = text(own(own(own(server, 'variables'), 'basePath'), 'default'));
  const url = (text(own(server, 'url')) ?? '').replace('{basePath}', variable ?? '');
  const path = url
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/^\/*/, '/')
    .replace(/\/+$/, '');
  return basepath === 'prepend' ? path : path.replace(/^\/[^/]*/, '');
}

interface Described {
  readonly path: string;
  readonly prefix: string;
  readonly method: string;
  readonly operation: Fields;
}

function routeOf(document: Fields, { path, prefix, method, operation }: Described): DescribedRoute {
  const isDefault = path === '$default' || path === '/$default';
  const verb = method === anyMethod ? 'ANY' : method.toUpperCase();
  const described = operation['x-amazon-apigateway-integration'];
  return {
    key: isDefault ? '$default' : `${verb} ${prefix}${path}`,
    operationName: text(operation.operationId),
    integration: described === undefined ? undefined : integrationOf(resolved(document, described)),
    authorization: authorizationOf(document, operation.security ?? document.security),
  };
}

function integrationOf(said: Fields): Integration {
  const type = text(said.type)?.toUpperCase();
  if (type !== 'AWS_PROXY' && type !== 'HTTP_PROXY') {
    throw badRequest(`The integration type ${text(said.type)} is not supported for HTTP APIs`);
  }
  const server = text(own(said.tlsConfig, 'serverNameToVerify'));
  const byStatus = Object.entries(fields(said.responseParameters)).map(
    ([status, map]) => [status, textMap(map) ?? {}] as const,
  );
  return {
    IntegrationType: type,
    IntegrationUri: text(said.uri),
    IntegrationMethod: text(said.httpMethod)
      ?.replace(new RegExp(`^${anyMethod}$`, 'i'), 'ANY')
      .toUpperCase(),
    IntegrationSubtype: text(said.integrationSubtype),
    PayloadFormatVersion: said.payloadFormatVersion === undefined ? '1.0' : formatVersion(said.payloadFormatVersion),
    ConnectionType: text(said.connectionType)?.toUpperCase() === 'VPC_LINK' ? 'VPC_LINK' : 'INTERNET',
    CredentialsArn: text(said.credentials),
    Description: text(said.description),
    TimeoutInMillis: number(said.timeoutInMillis),
    TlsConfig: server === undefined ? undefined : { ServerNameToVerify: server },
    RequestParameters: textMap(said.requestParameters),
    ResponseParameters: byStatus.length === 0 ? undefined : Object.fromEntries(byStatus),
  };
}

/** YAML readers make a number of it. */
function formatVersion(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(1) : String(value);
}

/** The first requirement counts; an empty one asks for nothing. */
function authorizationOf(document: Fields, security: unknown): Authorization {
  const [requirement] = Array.isArray(security) ? security : [];
  const [[name, scopes] = []] = Object.entries(fields(requirement));
  if (name === undefined) return { type: 'NONE' };
  const scheme = fields(own(own(document.components, 'securitySchemes'), name));
  if (/^awsSigv4$/i.test(text(scheme['x-amazon-apigateway-authtype']) ?? '')) return { type: 'AWS_IAM' };
  const kind = text(own(scheme['x-amazon-apigateway-authorizer'], 'type'))?.toLowerCase();
  if (kind === undefined) return { type: 'NONE' };
  const wanted = texts(scopes) ?? [];
  if (kind === 'jwt') return { type: 'JWT', name, ...(wanted.length === 0 ? {} : { scopes: wanted }) };
  return { type: 'CUSTOM', name };
}

function authorizerOf(name: string, scheme: unknown): Authorizer[] {
  const said = own(scheme, 'x-amazon-apigateway-authorizer');
  if (said === undefined) return [];
  const { type, jwtConfiguration, identitySource, ...more } = fields(said);
  const sources = Array.isArray(identitySource) ? texts(identitySource) : text(identitySource)?.split(/\s*,\s*/);
  const jwt = text(type)?.toLowerCase() === 'jwt';
  const common = { Name: name, IdentitySource: sources ?? [] };
  if (jwt) {
    const JwtConfiguration = {
      Issuer: text(own(jwtConfiguration, 'issuer')),
      Audience: texts(own(jwtConfiguration, 'audience')),
    };
    return [{ ...common, AuthorizerType: 'JWT', JwtConfiguration }];
  }
  const version = more.authorizerPayloadFormatVersion;
  return [
    {
      ...common,
      AuthorizerType: 'REQUEST',
      AuthorizerUri: text(more.authorizerUri),
      AuthorizerCredentialsArn: text(more.authorizerCredentials),
      AuthorizerPayloadFormatVersion: version === undefined ? undefined : formatVersion(version),
      AuthorizerResultTtlInSeconds: number(more.authorizerResultTtlInSeconds),
      EnableSimpleResponses: bool(more.enableSimpleResponses),
    },
  ];
}

function corsOf(said: unknown): Cors | undefined {
  if (said === undefined) return undefined;
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAge } = fields(said);
  return {
    AllowOrigins: texts(allowOrigins),
    AllowMethods: texts(allowMethods)?.map((method) => method.toUpperCase()),
    AllowHeaders: texts(allowHeaders),
    ExposeHeaders: texts(exposeHeaders),
    AllowCredentials: bool(allowCredentials),
    MaxAge: number(maxAge),
  };
}

function tagsOf(said: unknown): Record<string, string> {
  const tags = (Array.isArray(said) ? said : []).flatMap((tag) => {
    const [name, value] = [text(own(tag, 'name')), text(own(tag, 'x-amazon-apigateway-tag-value'))];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(tags);
}
