/** A deployment made ready for requests, once. */
import type {
  ApiRecord,
  ApiSnapshot,
  AuthorizerDocument,
  IntegrationDocument,
  RouteDocument,
  StageDocument,
} from '../../store/apis/api-record.ts';
import { RouteTable } from './route-table.ts';

export interface Deployed {
  readonly snapshot: ApiSnapshot;
  readonly routes: RouteTable;
}

const ready = new WeakMap<ApiSnapshot, Deployed>();

/** What a stage serves; nothing before its first deployment. */
export function deployedOn({ deployments }: ApiRecord, { DeploymentId }: StageDocument): Deployed | undefined {
  const snapshot = deployments.find((each) => each.DeploymentId === DeploymentId)?.snapshot;
  if (snapshot === undefined) return undefined;
  let deployed = ready.get(snapshot);
  if (deployed === undefined) {
    deployed = { snapshot, routes: new RouteTable(snapshot.routes) };
    ready.set(snapshot, deployed);
  }
  return deployed;
}

export function integrationOf(
  { integrations }: ApiSnapshot,
  { Target }: RouteDocument,
): IntegrationDocument | undefined {
  return integrations.find(({ IntegrationId }) => Target === `integrations/${IntegrationId}`);
}

export function authorizerOf({ authorizers }: ApiSnapshot, route: RouteDocument): AuthorizerDocument | undefined {
  return authorizers.find(({ AuthorizerId }) => AuthorizerId === route.AuthorizerId);
}
