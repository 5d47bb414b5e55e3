/** One request to a REST API on its way: where it has arrived, and what was found out about it. */
import type {
  ApiContent,
  DeploymentRecord,
  MethodDocument,
  ResourceDocument,
  RestApiRecord,
  StageDocument,
} from '../../store/restapis/rest-record.ts';
import type { HttpCall } from '../http/http-call.ts';

export type Texts = Readonly<Record<string, string>>;

/** What is known before it is clear which method is meant. */
export interface Arrival {
  readonly record: RestApiRecord;
  readonly stage: StageDocument;
  readonly deployment: DeploymentRecord;
  readonly content: ApiContent;
  readonly isCanary: boolean;
  /** Those of the stage, with what its canary puts over them. */
  readonly stageVariables: Texts;
  /** Its body is empty until somebody needs it. */
  readonly call: HttpCall;
  /** As sent, without the stage. */
  readonly path: string;
  /** As the caller named it, with its port: a link that a function makes of it works. */
  readonly host: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly trace: string;
  readonly startedAt: number;
  readonly notes: Notes;
}

export interface Exchange extends Arrival {
  readonly resource: ResourceDocument;
  readonly method: MethodDocument;
  /** As sent: REST APIs decode no path. */
  readonly pathParameters: Texts;
  readonly authorised?: Authorised | undefined;
  readonly key?: { readonly id: string; readonly value: string } | undefined;
}

/** What an authorizer has found. */
export type Authorised =
  | {
      readonly kind: 'lambda';
      readonly principalId: string;
      readonly context: Readonly<Record<string, unknown>>;
      readonly usageIdentifierKey: string | undefined;
    }
  | { readonly kind: 'cognito'; readonly claims: Texts }
  | { readonly kind: 'iam'; readonly identity: Readonly<Record<string, string | null>> };

/** What happened, told by whoever knows it first; for the access log and for `$context`. */
export interface Notes {
  status?: number;
  integrationStatus?: number;
  integrationLatencyMs?: number;
  integrationError?: string;
  integrationRequestId?: string;
  authorizerError?: string;
  errorMessage?: string | null;
  errorType?: string;
  validationError?: string;
}

export function isMatched(at: Arrival | Exchange): at is Exchange {
  return 'method' in at;
}

/** As a client has sent it, with the stage. */
export function fullPath({ stage, path }: Pick<Arrival, 'stage' | 'path'>): string {
  return `/${stage.stageName}${path}`;
}

/** What callers ask for: the method and the path of this very request. */
export function methodArn({ record, stage, call, path }: Arrival): string {
  const { accountId, region, id } = record;
  return `arn:aws:execute-api:${region}:${accountId}:${id}/${stage.stageName}/${call.method}${path}`;
}

/** What functions' policies name: the path as its resource has it. */
export function sourceArn({ record, stage, call, resource }: Exchange): string {
  const { accountId, region, id } = record;
  return `arn:aws:execute-api:${region}:${accountId}:${id}/${stage.stageName}/${call.method}${resource.path}`;
}
