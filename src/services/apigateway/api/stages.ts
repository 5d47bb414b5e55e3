import type { RestApiRecord, StageDocument } from '../../../store/restapis/rest-record.ts';
import { apiOf, changeApi, replaced, said, stageOf } from '../change.ts';
import { checkStage } from '../check-stage.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, conflict } from '../parts.ts';
import { shownStage } from '../render.ts';
import { patchedStage } from '../stage-patch.ts';
import { deploymentOf, newStageMembers } from './deployments.ts';

export function createStage(parts: ApigatewayParts): ApigatewayOperation<'CreateStage'> {
  return {
    async handle({ restApiId, ...input }, context) {
      const createdAt = parts.clock.now();
      const after = await changeApi(parts, context, restApiId, (record) => {
        const stage = { ...newStageMembers, ...said(input), createdAt, updatedAt: createdAt };
        if (record.stages.some(({ stageName }) => stageName === stage.stageName))
          throw conflict('Stage already exists');
        check(parts, record, stage);
        return { ...record, stages: [...record.stages, stage] };
      });
      return shownStage(stageOf(after, input.stageName));
    },
  };
}

export function getStage(parts: ApigatewayParts): ApigatewayOperation<'GetStage'> {
  return {
    handle: ({ restApiId, stageName }, context) => shownStage(stageOf(apiOf(parts, context, restApiId), stageName)),
  };
}

export function getStages(parts: ApigatewayParts): ApigatewayOperation<'GetStages'> {
  return {
    handle({ restApiId, deploymentId }, context) {
      const { stages } = apiOf(parts, context, restApiId);
      const wanted = stages.filter((each) => deploymentId === undefined || each.deploymentId === deploymentId);
      return { item: wanted.map(shownStage) };
    },
  };
}

export function updateStage(parts: ApigatewayParts): ApigatewayOperation<'UpdateStage'> {
  return {
    async handle({ restApiId, stageName, patchOperations }, context) {
      const updatedAt = parts.clock.now();
      const after = await changeApi(parts, context, restApiId, (record) => {
        const before = stageOf(record, stageName);
        const stage = { ...patchedStage(before, patchOperations), updatedAt };
        check(parts, { ...record, stages: record.stages.filter((each) => each !== before) }, stage);
        return { ...record, stages: replaced(record.stages, before, stage) };
      });
      return shownStage(stageOf(after, stageName));
    },
  };
}

export function deleteStage(parts: ApigatewayParts): ApigatewayOperation<'DeleteStage'> {
  return {
    async handle({ restApiId, stageName }, context) {
      await changeApi(parts, context, restApiId, (record) => {
        const stage = stageOf(record, stageName);
        const user = [...parts.rest.plans.all()].find(({ plan }) =>
          plan.apiStages?.some((each) => each.apiId === restApiId && each.stage === stageName),
        );
        if (user !== undefined) {
          throw badRequest(`Cannot delete the stage: it is associated with usage plan ${user.id}`);
        }
        return { ...record, stages: record.stages.filter((each) => each !== stage) };
      });
      return {};
    },
  };
}

function check({ rest }: ApigatewayParts, record: RestApiRecord, stage: StageDocument): void {
  deploymentOf(rest, record.id, stage.deploymentId);
  const canary = stage.canarySettings?.deploymentId;
  if (canary !== undefined) deploymentOf(rest, record.id, canary);
  checkStage(record, stage);
}
