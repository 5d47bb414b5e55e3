import type { UsagePlanRecord } from '../../store/restapis/rest-record.ts';
import type { RestStore } from '../../store/restapis/rest-store.ts';
import { apiOf } from './change.ts';
import { badRequest, conflict, notFound } from './parts.ts';

export function checkPlan(rest: RestStore, record: UsagePlanRecord): void {
  const { plan } = record;
  if ((plan.name ?? '') === '') throw badRequest('Usage Plan name must not be empty');
  const seen = new Set<string>();
  for (const { apiId, stage, throttle = {} } of plan.apiStages ?? []) {
    const { stages } = apiOf({ rest }, record, apiId);
    if (!stages.some(({ stageName }) => stageName === stage)) throw notFound('API Stage', `${apiId}:${stage}`);
    if (seen.has(`${apiId}:${stage}`)) throw conflict(`API Stage ${apiId}:${stage} is in the usage plan already`);
    seen.add(`${apiId}:${stage}`);
    for (const limits of Object.values(throttle)) checkThrottle(limits);
  }
  checkThrottle(plan.throttle ?? {});
  checkQuota(plan.quota);
}

function checkThrottle({ burstLimit = 0, rateLimit = 0 }: { burstLimit?: number; rateLimit?: number }): void {
  if (burstLimit < 0 || rateLimit < 0) throw badRequest('Usage Plan throttle limits must not be negative');
}

function checkQuota(quota: UsagePlanRecord['plan']['quota']): void {
  if (quota === undefined) return;
  const { limit = 0, offset = 0, period } = quota;
  if (limit < 1) throw badRequest('Usage Plan quota limit must be greater than zero');
  const last = { DAY: 0, WEEK: 6, MONTH: 27 }[period ?? 'DAY'];
  if (period === undefined) throw badRequest('Usage Plan quota period must be DAY, WEEK or MONTH');
  if (offset < 0 || offset > last)
    throw badRequest(`Usage Plan quota offset must be between 0 and ${last} for a ${period}`);
}
