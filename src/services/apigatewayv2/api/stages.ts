import type { ApiRecord, StageDocument } from '../../../store/apis/api-record.ts';
import { apiOf, changeApi, patched, patchedMap, replaced } from '../change.ts';
import { checkTags } from '../check-api.ts';
import { checkStage } from '../check-stage.ts';
import { newStage } from '../defaults.ts';
import { pageOf } from '../page.ts';
import { type Apigatewayv2Parts, badRequest, notFound } from '../parts.ts';
import { renderStage } from '../render.ts';
import type { Apigatewayv2Operation } from './types.ts';

export function createStage(parts: Apigatewayv2Parts): Apigatewayv2Operation<'CreateStage'> {
  return {
    async handle({ ApiId, ...input }, context) {
      checkTags(input.Tags ?? {});
      refuseBoth(input);
      const stage = newStage({ ...input, StageName: input.StageName }, parts.clock.now());
      const after = await changeApi(parts, context, ApiId, (record) => {
        checkStage(record, stage);
        return { ...record, stages: [...record.stages, stage] };
      });
      return renderStage(stageOf(after, stage.StageName));
    },
  };
}

function refuseBoth({
  AutoDeploy,
  DeploymentId,
}: {
  AutoDeploy?: boolean | undefined;
  DeploymentId?: string | undefined;
}) {
  if (AutoDeploy && DeploymentId !== undefined) {
    throw badRequest('Deployment ID cannot be set on a stage whose automatic deployment is enabled');
  }
}

export function getStage(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetStage'> {
  return { handle: ({ ApiId, StageName }, context) => renderStage(stageOf(apiOf(parts, ApiId, context), StageName)) };
}

export function getStages(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetStages'> {
  return {
    handle(input, context) {
      const { Items, ...page } = pageOf(apiOf(parts, input.ApiId, context).stages, input);
      return { ...page, Items: Items.map(renderStage) };
    },
  };
}

export function updateStage(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UpdateStage'> {
  return {
    async handle({ ApiId, StageName, ...input }, context) {
      const after = await changeStage(parts, { ApiId, StageName, context }, (stage) => {
        const changed = patched(stage, {
          ...input,
          StageVariables: patchedMap(stage.StageVariables, input.StageVariables),
          RouteSettings: patchedMap(stage.RouteSettings, input.RouteSettings),
        });
        refuseBoth({ AutoDeploy: changed.AutoDeploy, DeploymentId: input.DeploymentId });
        return changed;
      });
      return renderStage(stageOf(after, StageName));
    },
  };
}

export function deleteStage(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteStage'> {
  return {
    async handle({ ApiId, StageName }, context) {
      await changeApi(parts, context, ApiId, (record) => {
        const stage = stageOf(record, StageName);
        return { ...record, stages: record.stages.filter((each) => each !== stage) };
      });
      return {};
    },
  };
}

export function deleteAccessLogSettings(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteAccessLogSettings'> {
  return {
    async handle({ ApiId, StageName }, context) {
      await changeStage(parts, { ApiId, StageName, context }, ({ AccessLogSettings: _, ...stage }) => stage);
      return {};
    },
  };
}

export function deleteRouteSettings(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteRouteSettings'> {
  return {
    async handle({ ApiId, StageName, RouteKey = '' }, context) {
      await changeStage(parts, { ApiId, StageName, context }, (stage) => {
        const settings = Object.entries(stage.RouteSettings ?? {});
        if (!settings.some(([key]) => key === RouteKey)) throw notFound('RouteSettings', RouteKey);
        return { ...stage, RouteSettings: Object.fromEntries(settings.filter(([key]) => key !== RouteKey)) };
      });
      return {};
    },
  };
}

export function resetAuthorizersCache(parts: Apigatewayv2Parts): Apigatewayv2Operation<'ResetAuthorizersCache'> {
  return {
    handle({ ApiId = '', StageName = '' }, context) {
      stageOf(apiOf(parts, ApiId, context), StageName);
      parts.forgetAuthorised(ApiId, StageName);
      return {};
    },
  };
}

interface StagePlace {
  readonly ApiId: string | undefined;
  readonly StageName: string | undefined;
  readonly context: { readonly accountId: string; readonly region: string };
}

function changeStage(
  parts: Apigatewayv2Parts,
  { ApiId, StageName, context }: StagePlace,
  next: (stage: StageDocument) => StageDocument,
): Promise<ApiRecord> {
  return changeApi(parts, context, ApiId, (record) => {
    const before = stageOf(record, StageName);
    const stage = { ...next(before), updatedAt: parts.clock.now() };
    checkStage({ ...record, stages: record.stages.filter((each) => each !== before) }, stage);
    return { ...record, stages: replaced(record.stages, before, stage) };
  });
}

function stageOf({ stages }: ApiRecord, name: string | undefined): StageDocument {
  const stage = stages.find(({ StageName }) => StageName === name);
  if (stage === undefined) throw notFound('stage', name);
  return stage;
}
