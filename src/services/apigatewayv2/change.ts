/** How an API changes: found for its owner, changed as a whole, deployed where its stages deploy by themselves. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { ApiRecord, ApiScope, DeploymentDocument, StageDocument } from '../../store/apis/api-record.ts';
import { type Apigatewayv2Parts, badRequest, notFound } from './parts.ts';

const autoDescription = 'Automatic deployment triggered by changes to the Api configuration';

/** An API of another account or region is none, as far as its caller can see. */
export function apiOf({ apis }: Pick<Apigatewayv2Parts, 'apis'>, id: string | undefined, scope: ApiScope): ApiRecord {
  return ownedBy(scope, id, apis.get(id ?? ''));
}

export function ownedBy(scope: ApiScope, id: string | undefined, record: ApiRecord | undefined): ApiRecord {
  if (record?.accountId !== scope.accountId || record.region !== scope.region) {
    throw notFound('API', `${scope.accountId}:${id}`);
  }
  return record;
}

/** Durable when it resolves, with the deployment that the change has brought. */
export function changeApi(
  parts: Apigatewayv2Parts,
  scope: ApiScope & Inside,
  id: string | undefined,
  next: (record: ApiRecord) => ApiRecord,
): Promise<ApiRecord> {
  return parts.apis.change(id ?? '', (before) => {
    const record = ownedBy(scope, id, before);
    return autoDeployed(record, marked(next(record), scope), parts);
  });
}

interface Inside {
  readonly inside?: boolean;
}

/** What a function has touched it may have pointed anywhere, so that from then on the whole API is the function's. */
export function marked(record: ApiRecord, { inside }: Inside): ApiRecord {
  return inside && !record.inside ? { ...record, inside } : record;
}

/** A new deployment for the stages that want one, when what is deployed has changed or a stage has none yet. */
export function autoDeployed(
  before: ApiRecord | undefined,
  after: ApiRecord,
  parts: { clock: Clock; random: Random },
): ApiRecord {
  const waiting = after.stages.filter(({ AutoDeploy }) => AutoDeploy);
  const changed = before === undefined || !sameContent(before, after);
  if (!waiting.some(({ DeploymentId }) => changed || DeploymentId === undefined)) return after;
  const deployment = newDeployment(after, parts, { Description: autoDescription, AutoDeployed: true });
  const stages = after.stages.map((stage) => (stage.AutoDeploy ? onDeployment(stage, deployment) : stage));
  // An automatic deployment that no stage is on any more is of no use to anybody.
  const used = new Set(stages.map(({ DeploymentId }) => DeploymentId));
  const kept = after.deployments.filter((each) => !each.AutoDeployed || used.has(each.DeploymentId));
  return { ...after, stages, deployments: [...kept, deployment] };
}

export function newDeployment(
  record: ApiRecord,
  { clock, random }: { clock: Clock; random: Random },
  more: Pick<DeploymentDocument, 'Description' | 'AutoDeployed'>,
): DeploymentDocument {
  const { routes, integrations, authorizers, routeResponses, api } = record;
  if (api.ProtocolType === 'WEBSOCKET' && routes.length === 0) {
    throw badRequest('Unable to deploy API because no routes exist in this API');
  }
  return {
    ...more,
    DeploymentId: newId(random, 6),
    DeploymentStatus: 'DEPLOYED',
    createdAt: clock.now(),
    snapshot: { routes, integrations, authorizers, routeResponses, cors: api.CorsConfiguration },
  };
}

export function onDeployment(stage: StageDocument, { DeploymentId, createdAt }: DeploymentDocument): StageDocument {
  const LastDeploymentStatusMessage = stage.AutoDeploy
    ? `Successfully deployed stage with deployment ID '${DeploymentId}'`
    : undefined;
  return { ...stage, DeploymentId, LastDeploymentStatusMessage, updatedAt: createdAt };
}

function sameContent(a: ApiRecord, b: ApiRecord): boolean {
  return (
    a.routes === b.routes &&
    a.integrations === b.integrations &&
    a.authorizers === b.authorizers &&
    a.routeResponses === b.routeResponses &&
    a.api.CorsConfiguration === b.api.CorsConfiguration
  );
}

/** Lower-case letters and digits. */
export function newId(random: Random, length: number): string {
  return BigInt(`0x${random.hex(12)}`)
    .toString(36)
    .padStart(length, '0')
    .slice(-length);
}

/** The members of a change that say something; an empty text takes a member away. */
export function patched<T extends object>(document: T, change: Partial<Record<keyof T, unknown>>): T {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  const kept = Object.entries(document).filter(
    ([name]) => !Object.hasOwn(change, name) || change[name as keyof T] === undefined,
  );
  return Object.fromEntries([...kept, ...said.filter(([, value]) => value !== '')]) as T; // of a T and its own members
}

/** Entries are added and replaced; one that is empty takes its name away. */
export function patchedMap<T>(
  before: Readonly<Record<string, T>> | undefined,
  change: Readonly<Record<string, T>> | undefined,
): Record<string, T> | undefined {
  if (change === undefined) return before;
  const all = Object.entries({ ...before, ...change });
  return Object.fromEntries(all.filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

export function replaced<T>(list: readonly T[], old: T, fresh: T): readonly T[] {
  return list.map((each) => (each === old ? fresh : each));
}
