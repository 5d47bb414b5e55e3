import type { ApiRecord, DeploymentDocument } from '../../../store/apis/api-record.ts';
import { apiOf, changeApi, newDeployment, onDeployment, patched, replaced } from '../change.ts';
import { pageOf } from '../page.ts';
import { type Apigatewayv2Parts, badRequest, notFound } from '../parts.ts';
import { renderDeployment } from '../render.ts';
import type { Apigatewayv2Operation } from './types.ts';

const deploymentsMax = 500;

export function createDeployment(parts: Apigatewayv2Parts): Apigatewayv2Operation<'CreateDeployment'> {
  return {
    async handle({ ApiId, StageName, Description }, context) {
      const after = await changeApi(parts, context, ApiId, (record) => {
        const deployment = newDeployment(record, parts, { Description, AutoDeployed: false });
        const deployments = [...withRoom(record), deployment];
        if (StageName === undefined) return { ...record, deployments };
        const stage = record.stages.find((each) => each.StageName === StageName);
        if (stage === undefined) throw notFound('stage', StageName);
        if (stage.AutoDeploy) throw badRequest('Cannot deploy to a stage whose automatic deployment is enabled');
        return { ...record, deployments, stages: replaced(record.stages, stage, onDeployment(stage, deployment)) };
      });
      return renderDeployment(deploymentOf(after, after.deployments.at(-1)?.DeploymentId));
    },
  };
}

/** The oldest that no stage is on make room: a deployment is as large as its API. */
function withRoom({ deployments, stages }: ApiRecord): readonly DeploymentDocument[] {
  if (deployments.length < deploymentsMax) return deployments;
  const used = new Set(stages.map(({ DeploymentId }) => DeploymentId));
  const oldest = deployments.find(({ DeploymentId }) => !used.has(DeploymentId));
  return deployments.filter((each) => each !== oldest);
}

export function getDeployment(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetDeployment'> {
  return {
    handle({ ApiId, DeploymentId }, context) {
      return renderDeployment(deploymentOf(apiOf(parts, ApiId, context), DeploymentId));
    },
  };
}

export function getDeployments(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetDeployments'> {
  return {
    handle(input, context) {
      const { Items, ...page } = pageOf(apiOf(parts, input.ApiId, context).deployments, input);
      return { ...page, Items: Items.map(renderDeployment) };
    },
  };
}

export function updateDeployment(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UpdateDeployment'> {
  return {
    async handle({ ApiId, DeploymentId, Description }, context) {
      const after = await changeApi(parts, context, ApiId, (record) => {
        const before = deploymentOf(record, DeploymentId);
        const deployment = patched(before, { Description });
        return { ...record, deployments: replaced(record.deployments, before, deployment) };
      });
      return renderDeployment(deploymentOf(after, DeploymentId));
    },
  };
}

export function deleteDeployment(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteDeployment'> {
  return {
    async handle({ ApiId, DeploymentId }, context) {
      await changeApi(parts, context, ApiId, (record) => {
        const deployment = deploymentOf(record, DeploymentId);
        if (record.stages.some((stage) => stage.DeploymentId === DeploymentId)) {
          throw badRequest('Active stages pointing to this deployment must be moved or deleted');
        }
        return { ...record, deployments: record.deployments.filter((each) => each !== deployment) };
      });
      return {};
    },
  };
}

function deploymentOf({ deployments }: ApiRecord, id: string | undefined): DeploymentDocument {
  const deployment = deployments.find(({ DeploymentId }) => DeploymentId === id);
  if (deployment === undefined) throw notFound('Deployment', id);
  return deployment;
}
