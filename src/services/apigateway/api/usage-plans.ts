import type { PatchOperation, UsagePlan } from '@aws-sdk/client-api-gateway';
import type { RestScope, UsagePlanRecord } from '../../../store/restapis/rest-record.ts';
import type { RestStore } from '../../../store/restapis/rest-store.ts';
import { newId, said, sameScope } from '../change.ts';
import { checkPlan } from '../check-usage-plan.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, notFound } from '../parts.ts';
import { type Fields, partsOf, patched } from '../patch.ts';

const fields: Fields = {
  '/name': 'text',
  '/description': 'text',
  '/productCode': 'text',
  '/throttle/rateLimit': 'number',
  '/throttle/burstLimit': 'integer',
  '/throttle': 'whole',
  '/quota/limit': 'integer',
  '/quota/offset': 'integer',
  '/quota/period': 'text',
  '/quota': 'whole',
};

export const plansTurn = 'usage-plans';

export function createUsagePlan(parts: ApigatewayParts): ApigatewayOperation<'CreateUsagePlan'> {
  const { rest, clock } = parts;
  return {
    handle: (input, { accountId, region }) =>
      rest.take(plansTurn, async () => {
        const where = { id: newId(parts), accountId, region, createdAt: clock.now() };
        const record = { ...where, plan: { apiStages: [], ...said(input) }, keyIds: [] };
        checkPlan(rest, record);
        await rest.commit([rest.plans.put(record)]);
        return shown(record);
      }),
  };
}

export function getUsagePlan({ rest }: ApigatewayParts): ApigatewayOperation<'GetUsagePlan'> {
  return { handle: ({ usagePlanId }, context) => shown(planOf(rest, context, usagePlanId)) };
}

export function getUsagePlans({ rest }: ApigatewayParts): ApigatewayOperation<'GetUsagePlans'> {
  return {
    handle({ keyId, ...page }, context) {
      const plans = rest.plans.list(context).filter(({ keyIds }) => keyId === undefined || keyIds.includes(keyId));
      const { items, ...more } = pageOf(plans, page);
      return { items: items.map(shown), ...more };
    },
  };
}

export function updateUsagePlan({ rest }: ApigatewayParts): ApigatewayOperation<'UpdateUsagePlan'> {
  return {
    handle: ({ usagePlanId, patchOperations = [] }, context) =>
      rest.take(plansTurn, async () => {
        const before = planOf(rest, context, usagePlanId);
        const after = { ...before, plan: patchOperations.reduce(changed, before.plan) };
        checkPlan(rest, after);
        await rest.commit([rest.plans.put(after)]);
        return shown(after);
      }),
  };
}

export function deleteUsagePlan({ rest }: ApigatewayParts): ApigatewayOperation<'DeleteUsagePlan'> {
  return {
    handle: ({ usagePlanId }, context) =>
      rest.take(plansTurn, async () => {
        const { id, keyIds, plan } = planOf(rest, context, usagePlanId);
        if ((plan.apiStages ?? []).length > 0) {
          throw badRequest(`Cannot delete Usage Plan ${id} because it is associated with API Stages`);
        }
        await rest.commit([rest.plans.remove(id), ...keyIds.map((key) => rest.usage.remove(`${id}/${key}`))]);
        return {};
      }),
  };
}

export function planOf(rest: RestStore, scope: RestScope, id: string | undefined): UsagePlanRecord {
  const record = rest.plans.get(id ?? '');
  if (record === undefined || !sameScope(record, scope)) throw notFound('Usage Plan ID');
  return record;
}

/** Stages are `api:stage`, as a value or in a path, where the throttling of one method follows. */
function changed(plan: UsagePlan, operation: PatchOperation): UsagePlan {
  const [first, name, throttle, ...rest] = partsOf(operation.path);
  if (first !== 'apiStages') return patched(plan, [operation], fields);
  if (name === undefined) return withStages(plan, operation);
  const stages = plan.apiStages ?? [];
  const at = stages.findIndex(({ apiId, stage }) => name === `${apiId}:${stage}`);
  if (at < 0) throw notFound('API Stage', name);
  if (throttle !== 'throttle')
    throw badRequest(`Invalid patch path  '${operation.path}' specified for op '${operation.op}'`);
  const path = ['', 'throttle', ...rest].map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  return {
    ...plan,
    apiStages: stages.map((each, n) => (n === at ? patched(each, [{ ...operation, path }], stageFields) : each)),
  };
}

const stageFields: Fields = {
  '/throttle': 'whole',
  '/throttle/*': 'whole',
  '/throttle/*/rateLimit': 'number',
  '/throttle/*/burstLimit': 'integer',
};

function withStages(plan: UsagePlan, { op, value = '' }: PatchOperation): UsagePlan {
  const [apiId, stage, ...more] = value.split(':');
  if (!apiId || !stage || more.length > 0) throw badRequest('Invalid patch value specified: it must be apiId:stage');
  const others = (plan.apiStages ?? []).filter((each) => each.apiId !== apiId || each.stage !== stage);
  if (op === 'remove') return { ...plan, apiStages: others };
  if (op === 'add') return { ...plan, apiStages: [...(plan.apiStages ?? []), { apiId, stage }] };
  throw badRequest(`Invalid patch path  '/apiStages' specified for op '${op}'`);
}

function shown({ id, plan }: UsagePlanRecord): UsagePlan {
  return { id, ...plan };
}
