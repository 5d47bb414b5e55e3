import { logGroupOf } from '../../aws/log-group-arn.ts';
import type { RestApiRecord, StageDocument } from '../../store/restapis/rest-record.ts';
import { badRequest, tooMany } from './parts.ts';

const stagesMax = 10;

/** Whether a stage may be among those of its API; `record` is without it. */
export function checkStage(record: RestApiRecord, stage: StageDocument): void {
  const { stageName = '', canarySettings } = stage;
  if (!/^[a-zA-Z0-9_-]{1,128}$/.test(stageName)) {
    throw badRequest('Stage name only allows a-zA-Z0-9_');
  }
  if (record.stages.length >= stagesMax) throw tooMany('stages for this API', stagesMax);
  checkVariables(stage.variables);
  checkVariables(canarySettings?.stageVariableOverrides);
  const percent = canarySettings?.percentTraffic ?? 0;
  if (percent < 0 || percent > 100) throw badRequest('Invalid percentTraffic specified: it is from 0 to 100');
  checkAccessLog(record, stage.accessLogSettings);
  if (stage.clientCertificateId) throw badRequest('Client certificates are not there yet');
  if (stage.cacheClusterEnabled) throw badRequest('Cache clusters are not there yet');
  for (const { throttlingBurstLimit: burst = 0, throttlingRateLimit: rate = 0 } of Object.values(
    stage.methodSettings ?? {},
  )) {
    if (burst < -1 || rate < -1) throw badRequest('Throttling limits must not be negative');
  }
}

function checkVariables(variables: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries(variables)) {
    if (!/^\w{1,64}$/.test(name)) throw badRequest('Stage variable name should match the pattern [A-Za-z0-9_]+');
    if (!/^[A-Za-z0-9-._~:/?#&=,]{0,512}$/.test(value)) {
      throw badRequest(
        `Invalid stage variable value: ${value}. Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.`,
      );
    }
  }
}

function checkAccessLog({ accountId }: RestApiRecord, log: StageDocument['accessLogSettings']): void {
  // A format without a destination is half of a change that a client makes in two steps.
  if (log?.destinationArn === undefined) return;
  if (logGroupOf(log.destinationArn)?.accountId !== accountId) {
    throw badRequest('Access log destination must be the ARN of a log group of CloudWatch Logs');
  }
  if ((log.format ?? '').length > 3000) throw badRequest('Access log format has at most 3000 characters');
}
