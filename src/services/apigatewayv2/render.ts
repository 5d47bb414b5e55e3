/** From what is kept to what is shown. */
import type { Api, Deployment, Stage } from '@aws-sdk/client-apigatewayv2';
import { addressOf } from '../../aws/address.ts';
import type { ApiRecord, DeploymentDocument, StageDocument } from '../../store/apis/api-record.ts';

/** Its endpoint is under the name by which the caller reached this server. */
export function renderApi({ id, region, api }: ApiRecord, { endpoint }: { endpoint: string }): Api {
  const { createdAt, ...shown } = api;
  const http = addressOf(endpoint, `${id}.execute-api.${region}`);
  return {
    ...shown,
    ApiId: id,
    ApiEndpoint: api.ProtocolType === 'WEBSOCKET' ? http.replace(/^http/, 'ws') : http,
    CreatedDate: new Date(createdAt),
  };
}

export function renderStage({ createdAt, updatedAt, ...shown }: StageDocument): Stage {
  return { ...shown, CreatedDate: new Date(createdAt), LastUpdatedDate: new Date(updatedAt) };
}

export function renderDeployment({ createdAt, snapshot: _, ...shown }: DeploymentDocument): Deployment {
  return { ...shown, CreatedDate: new Date(createdAt) };
}
