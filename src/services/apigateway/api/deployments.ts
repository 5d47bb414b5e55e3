import type { CreateDeploymentRequest } from '@aws-sdk/client-api-gateway';
import type { DeploymentRecord, RestApiRecord, StageDocument } from '../../../store/restapis/rest-record.ts';
import type { RestStore } from '../../../store/restapis/rest-store.ts';
import { apiOf, marked, newId, replaced, said } from '../change.ts';
import { checkStage } from '../check-stage.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';
import { shownDeployment } from '../render.ts';

const fields: Fields = { '/description': 'text' };

/** The API as it is now, for good; and the stage that is to serve it, if one is named. */
export function createDeployment(parts: ApigatewayParts): ApigatewayOperation<'CreateDeployment'> {
  const { rest, clock } = parts;
  return {
    handle: ({ restApiId = '', ...input }, context) =>
      rest.take(restApiId, async () => {
        const record = apiOf(parts, context, restApiId);
        checkDeployable(record);
        const deployment = snapshot(record, { deploymentId: newId(parts), createdAt: clock.now(), ...input });
        const staged = input.stageName ? withStage(record, deployment, input) : undefined;
        await rest.commit([
          rest.deployments.put(deployment),
          ...(staged === undefined ? [] : [rest.apis.put(marked(staged, context))]),
        ]);
        return shownDeployment(deployment);
      }),
  };
}

interface NewDeployment {
  readonly deploymentId: string;
  readonly createdAt: number;
  readonly description?: string | undefined;
}

function snapshot(record: RestApiRecord, { deploymentId, createdAt, description }: NewDeployment): DeploymentRecord {
  const { id: apiId, accountId, region, stages: _, createdAt: __, ...content } = record;
  return { id: `${apiId}/${deploymentId}`, apiId, deploymentId, accountId, region, createdAt, description, content };
}

function checkDeployable({ resources }: RestApiRecord): void {
  const methods = resources.flatMap(({ resourceMethods }) => Object.values(resourceMethods));
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some(({ methodIntegration }) => methodIntegration === undefined)) {
    throw badRequest('No integration defined for method');
  }
}

/** A stage that is there is moved to the deployment, or gets it as a canary; else it is made. */
function withStage(
  record: RestApiRecord,
  deployment: DeploymentRecord,
  input: Omit<CreateDeploymentRequest, 'restApiId'>,
): RestApiRecord {
  const { deploymentId, createdAt } = deployment;
  const { stageName, stageDescription, variables, canarySettings } = input;
  const before = record.stages.find((each) => each.stageName === stageName);
  const others = record.stages.filter((each) => each !== before);
  const first = { stageName, ...newStageMembers, createdAt };
  const stage: StageDocument = {
    ...(before ?? first),
    ...said({ description: stageDescription, tracingEnabled: input.tracingEnabled }),
    ...(canarySettings === undefined
      ? { deploymentId, ...said({ variables }) }
      : { canarySettings: { percentTraffic: 0, useStageCache: false, ...said(canarySettings), deploymentId } }),
    updatedAt: createdAt,
  };
  if (stage.deploymentId === undefined) throw badRequest('Deployment id must be specified for a new stage');
  checkStage({ ...record, stages: others }, stage);
  return { ...record, stages: before === undefined ? [...others, stage] : replaced(record.stages, before, stage) };
}

/** What a new stage shows. */
export const newStageMembers = {
  cacheClusterEnabled: false,
  cacheClusterStatus: 'NOT_AVAILABLE',
  methodSettings: {},
  tracingEnabled: false,
} as const;

export function getDeployment(parts: ApigatewayParts): ApigatewayOperation<'GetDeployment'> {
  return {
    handle: ({ restApiId, deploymentId, embed }, context) => {
      apiOf(parts, context, restApiId);
      return shownDeployment(deploymentOf(parts.rest, restApiId, deploymentId), embed);
    },
  };
}

export function getDeployments(parts: ApigatewayParts): ApigatewayOperation<'GetDeployments'> {
  return {
    handle(input, context) {
      const { id } = apiOf(parts, context, input.restApiId);
      const { items, ...more } = pageOf(
        parts.rest.deployments.list(context).filter(({ apiId }) => apiId === id),
        input,
      );
      return { items: items.map((each) => shownDeployment(each)), ...more };
    },
  };
}

export function updateDeployment(parts: ApigatewayParts): ApigatewayOperation<'UpdateDeployment'> {
  const { rest } = parts;
  return {
    handle: ({ restApiId = '', deploymentId, patchOperations }, context) =>
      rest.take(restApiId, async () => {
        apiOf(parts, context, restApiId);
        const after = patched(deploymentOf(rest, restApiId, deploymentId), patchOperations, fields);
        await rest.commit([rest.deployments.put(after)]);
        return shownDeployment(after);
      }),
  };
}

export function deleteDeployment(parts: ApigatewayParts): ApigatewayOperation<'DeleteDeployment'> {
  const { rest } = parts;
  return {
    handle: ({ restApiId = '', deploymentId }, context) =>
      rest.take(restApiId, async () => {
        const { stages } = apiOf(parts, context, restApiId);
        const { id } = deploymentOf(rest, restApiId, deploymentId);
        if (stages.some((each) => [each.deploymentId, each.canarySettings?.deploymentId].includes(deploymentId))) {
          throw badRequest('Active stages pointing to this deployment must be moved or deleted');
        }
        await rest.commit([rest.deployments.remove(id)]);
        return {};
      }),
  };
}

export function deploymentOf(rest: RestStore, apiId: string | undefined, id: string | undefined): DeploymentRecord {
  const deployment = rest.deployments.get(`${apiId}/${id}`);
  if (deployment === undefined) throw notFound('Deployment identifier');
  return deployment;
}
