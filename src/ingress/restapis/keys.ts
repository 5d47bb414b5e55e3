/** API keys and the usage plans that they are in: who may come, how fast, how often. */
import type { ThrottleSettings } from '@aws-sdk/client-api-gateway';
import type { Clock } from '../../base/clock.ts';
import type { UsageCounter } from '../../services/apigateway/usage-counter.ts';
import { periodStart, usedIn } from '../../services/apigateway/usage-period.ts';
import type { ApiKeyRecord, UsagePlanRecord } from '../../store/restapis/rest-record.ts';
import type { RestStore } from '../../store/restapis/rest-store.ts';
import type { Buckets } from '../apis/buckets.ts';
import { headerOf } from '../http/http-call.ts';
import type { Exchange } from './exchange.ts';
import { invalidKey, quotaExceeded, throttled } from './failure.ts';

export interface KeyParts {
  readonly rest: RestStore;
  readonly usage: UsageCounter;
  readonly buckets: Buckets;
  readonly clock: Clock;
}

/** The key of a request whose method wants one; the request has been counted then. */
export function checkKey(parts: KeyParts, exchange: Exchange): Exchange['key'] {
  if (exchange.method.apiKeyRequired !== true) return undefined;
  const key = keyOf(parts.rest, exchange);
  const plan = key && planOf(parts.rest, exchange, key);
  if (key === undefined || plan === undefined) throw invalidKey();
  if (!isSlowEnough(parts, exchange, { key, plan })) throw throttled();
  if (isUsedUp(parts, { key, plan })) throw quotaExceeded();
  parts.usage.count({ planId: plan.id, keyId: key.id });
  return { id: key.id, value: key.key.value };
}

interface Holder {
  readonly key: ApiKeyRecord;
  readonly plan: UsagePlanRecord;
}

function keyOf(rest: RestStore, { record, content, call, authorised }: Exchange): ApiKeyRecord | undefined {
  const fromAuthorizer = content.api.apiKeySource === 'AUTHORIZER';
  const value = fromAuthorizer
    ? authorised?.kind === 'lambda' && authorised.usageIdentifierKey
    : headerOf(call, 'x-api-key');
  if (!value) return undefined;
  const key = rest.keyWith(value, record);
  return key?.key.enabled === true ? key : undefined;
}

function planOf(rest: RestStore, { record, stage }: Exchange, { id }: ApiKeyRecord): UsagePlanRecord | undefined {
  return rest
    .plansOf(id)
    .find(({ plan }) => plan.apiStages?.some((each) => each.apiId === record.id && each.stage === stage.stageName));
}

/** The limits of the plan, and those that it has for this method. */
function isSlowEnough({ buckets }: KeyParts, exchange: Exchange, { key, plan }: Holder): boolean {
  const { record, stage, resource, call } = exchange;
  const own = plan.plan.apiStages?.find((each) => each.apiId === record.id && each.stage === stage.stageName);
  const method = `${resource.path}/${call.method}`;
  const limits = own?.throttle !== undefined && Object.hasOwn(own.throttle, method) ? own.throttle[method] : undefined;
  return (
    admits(buckets, `${plan.id} ${key.id} ${record.id} ${stage.stageName} ${method}`, limits) &&
    admits(buckets, `${plan.id} ${key.id}`, plan.plan.throttle)
  );
}

function admits(buckets: Buckets, name: string, limits: ThrottleSettings | undefined): boolean {
  const { burstLimit: burst, rateLimit: rate } = limits ?? {};
  return burst === undefined || rate === undefined || buckets.take(name, { burst, rate });
}

function isUsedUp({ usage, clock }: KeyParts, { key, plan }: Holder): boolean {
  const { quota } = plan.plan;
  if (quota === undefined) return false;
  const { used, extra } = usedIn(usage.of(plan.id, key.id), periodStart(quota, clock.now()));
  return used >= (quota.limit ?? 0) + extra;
}
