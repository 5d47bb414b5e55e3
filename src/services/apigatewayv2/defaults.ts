/** What members are when nobody says, as AWS shows them. */
import type { CreateApiRequest } from '@aws-sdk/client-apigatewayv2';
import type {
  ApiDocument,
  ApiRecord,
  AuthorizerDocument,
  IntegrationDocument,
  RouteDocument,
  StageDocument,
} from '../../store/apis/api-record.ts';
import { badRequest } from './parts.ts';

const httpSelection = '$request.method $request.path';

type ApiInput = Omit<CreateApiRequest, 'Target' | 'RouteKey' | 'CredentialsArn'>;

export function newApi(input: ApiInput, createdAt: number): ApiDocument {
  const websocket = input.ProtocolType === 'WEBSOCKET';
  const { RouteSelectionExpression: expression } = input;
  if (websocket && expression === undefined) {
    throw badRequest('RouteSelectionExpression is a required field for WebSocket APIs');
  }
  return {
    ApiKeySelectionExpression: '$request.header.x-api-key',
    DisableExecuteApiEndpoint: false,
    IpAddressType: 'ipv4',
    Tags: {},
    ...input,
    Name: input.Name,
    ProtocolType: input.ProtocolType,
    RouteSelectionExpression: expression ?? httpSelection,
    createdAt,
  };
}

export function checkSelection({ ProtocolType, RouteSelectionExpression: expression = '' }: ApiDocument): void {
  if (ProtocolType !== 'WEBSOCKET') {
    if (expression.replaceAll(/[{}]/g, '') === httpSelection) return;
    throw badRequest(`RouteSelectionExpression must be "${httpSelection}" for HTTP APIs`);
  }
  if (!/^\$request\.body(\.[\w-]+|\[\d+\])+$|^\$\{request\.body(\.[\w-]+|\[\d+\])+\}$/.test(expression)) {
    throw badRequest(`Invalid RouteSelectionExpression: ${expression}; it must be as $request.body.action`);
  }
}

export function newIntegration({ api }: ApiRecord, input: IntegrationDocument): IntegrationDocument {
  const websocket = api.ProtocolType === 'WEBSOCKET';
  const method = input.IntegrationType === 'AWS_PROXY' ? { IntegrationMethod: 'POST' } : {};
  return {
    ConnectionType: 'INTERNET',
    PayloadFormatVersion: '1.0',
    TimeoutInMillis: websocket ? 29_000 : 30_000,
    ...method,
    ...(websocket ? { PassthroughBehavior: 'WHEN_NO_MATCH' as const } : {}),
    ...said(input),
  };
}

export function newRoute(input: RouteDocument): RouteDocument {
  return { ApiKeyRequired: false, AuthorizationType: 'NONE', ...said(input), RouteKey: input.RouteKey };
}

export function newStage(input: Omit<StageDocument, 'createdAt' | 'updatedAt'>, createdAt: number): StageDocument {
  return {
    DefaultRouteSettings: { DetailedMetricsEnabled: false },
    RouteSettings: {},
    StageVariables: {},
    Tags: {},
    ...said(input),
    StageName: input.StageName,
    createdAt,
    updatedAt: createdAt,
  };
}

export function newAuthorizer({ api }: ApiRecord, input: AuthorizerDocument): AuthorizerDocument {
  const cached = input.AuthorizerType === 'REQUEST' && (input.IdentitySource ?? []).length > 0;
  return {
    ...(cached && api.ProtocolType === 'HTTP' ? { AuthorizerResultTtlInSeconds: 300 } : {}),
    ...said(input),
    Name: input.Name,
  };
}

/** A member that is undefined must not hide what it would be without it. */
function said<T extends object>(input: T): T {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T; // its own members
}
