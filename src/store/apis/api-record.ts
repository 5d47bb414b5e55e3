/**
 * An API of API Gateway version 2 as it is kept: one document with all that belongs to it, and its deployments beside it.
 * Members have AWS's names, so that what is kept is nearly what is shown; times are milliseconds since the epoch.
 */
import type {
  Api,
  Authorizer,
  Deployment,
  Integration,
  Route,
  RouteResponse,
  Stage,
} from '@aws-sdk/client-apigatewayv2';

export interface ApiScope {
  readonly accountId: string;
  readonly region: string;
}

export type ApiDocument = Readonly<Omit<Api, 'ApiEndpoint' | 'CreatedDate' | 'ApiId'>> & { readonly createdAt: number };
export type RouteDocument = Readonly<Route>;
export type IntegrationDocument = Readonly<Integration>;
export type AuthorizerDocument = Readonly<Authorizer>;
/** Of a route of a WebSocket API: with one, what its integration says goes back. */
export type RouteResponseDocument = Readonly<RouteResponse> & { readonly routeId: string };
export type StageDocument = Readonly<Omit<Stage, 'CreatedDate' | 'LastUpdatedDate'>> & {
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What a deployment freezes: requests are answered by this and by nothing newer. */
export interface ApiSnapshot {
  readonly routes: readonly RouteDocument[];
  readonly integrations: readonly IntegrationDocument[];
  readonly authorizers: readonly AuthorizerDocument[];
  /** Records of the first versions have none. */
  readonly routeResponses?: readonly RouteResponseDocument[];
  readonly cors: Api['CorsConfiguration'];
}

export type DeploymentDocument = Readonly<Omit<Deployment, 'CreatedDate'>> & {
  readonly createdAt: number;
  readonly snapshot: ApiSnapshot;
};

/** Lists are in the order in which their members were made. */
export interface ApiRecord extends ApiScope {
  readonly id: string;
  /** A function made or changed it: what the server asks on its behalf is on other machines. */
  readonly inside?: boolean;
  readonly api: ApiDocument;
  readonly routes: readonly RouteDocument[];
  readonly integrations: readonly IntegrationDocument[];
  readonly authorizers: readonly AuthorizerDocument[];
  readonly routeResponses?: readonly RouteResponseDocument[];
  readonly stages: readonly StageDocument[];
  readonly deployments: readonly DeploymentDocument[];
}
