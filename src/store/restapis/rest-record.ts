/**
 * REST APIs of API Gateway as they are kept: one document with all that belongs to an API, its deployments beside it, and
 * the keys and plans of an account. Members have AWS's names; times are milliseconds since the epoch.
 */
import type {
  ApiKey,
  Authorizer,
  GatewayResponse,
  Integration,
  Method,
  Model,
  RequestValidator,
  Resource,
  RestApi,
  Stage,
  UsagePlan,
} from '@aws-sdk/client-api-gateway';

export interface RestScope {
  readonly accountId: string;
  readonly region: string;
}

export interface RestDocument extends RestScope {
  readonly id: string;
  readonly createdAt: number;
}

export type ApiSettings = Readonly<Omit<RestApi, 'id' | 'createdDate' | 'rootResourceId' | 'warnings'>>;
export type IntegrationDocument = Readonly<Integration>;
export type MethodDocument = Readonly<Method>;
export type ResourceDocument = Readonly<Omit<Resource, 'resourceMethods'>> & {
  readonly id: string;
  readonly path: string;
  readonly resourceMethods: Readonly<Record<string, MethodDocument>>;
};
export type ModelDocument = Readonly<Model>;
export type ValidatorDocument = Readonly<RequestValidator>;
export type AuthorizerDocument = Readonly<Authorizer>;
export type GatewayResponseDocument = Readonly<GatewayResponse>;
export type StageDocument = Readonly<Omit<Stage, 'createdDate' | 'lastUpdatedDate'>> & {
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** What a deployment freezes: requests are answered by this and by nothing newer. */
export interface ApiContent {
  readonly api: ApiSettings;
  /** The root first, then in the order in which they were made. */
  readonly resources: readonly ResourceDocument[];
  readonly models: readonly ModelDocument[];
  readonly validators: readonly ValidatorDocument[];
  readonly authorizers: readonly AuthorizerDocument[];
  /** Those that somebody has changed. */
  readonly gatewayResponses: readonly GatewayResponseDocument[];
}

export interface RestApiRecord extends RestDocument, ApiContent {
  readonly stages: readonly StageDocument[];
  /** A function made or changed it: what the server asks on its behalf is on other machines. */
  readonly inside?: boolean;
}

/** Its id is `api/deployment`. */
export interface DeploymentRecord extends RestDocument {
  readonly apiId: string;
  readonly deploymentId: string;
  readonly description: string | undefined;
  readonly content: ApiContent;
}

export interface ApiKeyRecord extends RestDocument {
  readonly key: Readonly<Omit<ApiKey, 'id' | 'createdDate' | 'lastUpdatedDate' | 'stageKeys'>> & {
    readonly value: string;
  };
  readonly updatedAt: number;
}

export interface UsagePlanRecord extends RestDocument {
  readonly plan: Readonly<Omit<UsagePlan, 'id'>>;
  /** Ids of its keys, in the order in which they came. */
  readonly keyIds: readonly string[];
}

/** How often a key was used under a plan; its id is `plan/key`. */
export interface UsageRecord extends RestDocument {
  /** By day, as `2026-01-02`. */
  readonly days: Readonly<Record<string, number>>;
  /** What UpdateUsage has granted besides, by the first day of the period. */
  readonly extra: Readonly<Record<string, number>>;
}

export interface AccountRecord extends RestDocument {
  readonly account: { readonly cloudwatchRoleArn?: string };
}
