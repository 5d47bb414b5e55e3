import type { AccessLogSettings, RouteSettings } from '@aws-sdk/client-apigatewayv2';
import { logGroupOf } from '../../aws/log-group-arn.ts';
import type { ApiRecord, StageDocument } from '../../store/apis/api-record.ts';
import { badRequest, conflict, missing, notFound, tooMany } from './parts.ts';

const stagesMax = 10;

/** Whether a stage may be among those of its API; `record` is without it. */
export function checkStage(record: ApiRecord, stage: StageDocument): void {
  const { StageName = '', RouteSettings = {}, DefaultRouteSettings, AccessLogSettings: log } = stage;
  const websocket = record.api.ProtocolType === 'WEBSOCKET';
  checkName(StageName, websocket);
  if (record.stages.length >= stagesMax) throw tooMany('Stages per API', stagesMax);
  if (record.stages.some((other) => other.StageName === StageName)) throw conflict('Stage already exists');
  checkDeployment(record, stage);
  checkVariables(stage.StageVariables ?? {});
  for (const [key, settings] of Object.entries(RouteSettings)) {
    if (!record.routes.some(({ RouteKey }) => RouteKey === key)) {
      throw missing('Route', `Unable to find Route by key ${key} within the provided RouteSettings`);
    }
    checkSettings(settings, websocket);
  }
  checkSettings(DefaultRouteSettings ?? {}, websocket);
  if (stage.ClientCertificateId !== undefined) throw badRequest('Client certificates are not there yet');
  if (log !== undefined) checkAccessLog(log, record.accountId);
}

function checkName(name: string, websocket: boolean): void {
  if (name === '$default' && !websocket) return;
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) {
    throw badRequest(
      'Stage name only allows alphanumeric characters, hyphens and underscores, or $default for HTTP APIs',
    );
  }
}

function checkDeployment({ deployments }: ApiRecord, { DeploymentId }: StageDocument): void {
  if (DeploymentId === undefined) return;
  if (!deployments.some((each) => each.DeploymentId === DeploymentId)) throw notFound('Deployment', DeploymentId);
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!/^\w{1,64}$/.test(name)) throw badRequest(`Invalid stage variable name: ${name}`);
    if (!/^[A-Za-z0-9-._~:/?#&=,]{0,512}$/.test(value)) {
      throw badRequest(`Stage variable values must match the regular expression [A-Za-z0-9-._~:/?#&=,]+: ${name}`);
    }
  }
}

function checkSettings(settings: RouteSettings, websocket: boolean): void {
  const { ThrottlingBurstLimit: burst = 0, ThrottlingRateLimit: rate = 0, DataTraceEnabled, LoggingLevel } = settings;
  if (burst < 0 || rate < 0) throw badRequest('Throttling limits must not be negative');
  if (!websocket && (DataTraceEnabled || (LoggingLevel ?? 'OFF') !== 'OFF')) {
    throw badRequest('Execution logs are not supported on protocol type HTTP');
  }
}

function checkAccessLog({ DestinationArn = '', Format = '' }: AccessLogSettings, accountId: string): void {
  if (logGroupOf(DestinationArn)?.accountId !== accountId) {
    throw badRequest('Access log destination must be the ARN of a log group of CloudWatch Logs');
  }
  if (Format === '' || Format.length > 3000) throw badRequest('Access log format must have from 1 to 3000 characters');
  if (!Format.includes('$context.requestId') && !Format.includes('$context.extendedRequestId')) {
    throw badRequest('Access Log format must contain at least $context.requestId or $context.extendedRequestId');
  }
}
