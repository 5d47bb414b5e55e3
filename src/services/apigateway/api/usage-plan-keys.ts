import type { UsagePlanKey } from '@aws-sdk/client-api-gateway';
import type { ApiKeyRecord } from '../../../store/restapis/rest-record.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, conflict, notFound } from '../parts.ts';
import { keyOf } from './api-keys.ts';
import { planOf, plansTurn } from './usage-plans.ts';

export function createUsagePlanKey({ rest }: ApigatewayParts): ApigatewayOperation<'CreateUsagePlanKey'> {
  return {
    handle: ({ usagePlanId, keyId, keyType }, context) =>
      rest.take(plansTurn, async () => {
        if (keyType !== 'API_KEY') throw badRequest('Invalid key type specified: it must be API_KEY');
        const plan = planOf(rest, context, usagePlanId);
        const key = keyOf(rest, context, keyId);
        if (plan.keyIds.includes(key.id)) throw conflict('Usage Plan Key already exists');
        await rest.commit([rest.plans.put({ ...plan, keyIds: [...plan.keyIds, key.id] })]);
        return shown(key);
      }),
  };
}

export function getUsagePlanKey({ rest }: ApigatewayParts): ApigatewayOperation<'GetUsagePlanKey'> {
  return {
    handle({ usagePlanId, keyId = '' }, context) {
      if (!planOf(rest, context, usagePlanId).keyIds.includes(keyId)) throw notFound('Usage Plan Key identifier');
      return shown(keyOf(rest, context, keyId));
    },
  };
}

export function getUsagePlanKeys({ rest }: ApigatewayParts): ApigatewayOperation<'GetUsagePlanKeys'> {
  return {
    handle({ usagePlanId, nameQuery, ...page }, context) {
      const keys = planOf(rest, context, usagePlanId).keyIds.flatMap((id) => rest.keys.get(id) ?? []);
      const { items, ...more } = pageOf(
        keys.filter(({ key }) => nameQuery === undefined || key.name?.startsWith(nameQuery)),
        page,
      );
      return { items: items.map(shown), ...more };
    },
  };
}

export function deleteUsagePlanKey({ rest }: ApigatewayParts): ApigatewayOperation<'DeleteUsagePlanKey'> {
  return {
    handle: ({ usagePlanId, keyId = '' }, context) =>
      rest.take(plansTurn, async () => {
        const plan = planOf(rest, context, usagePlanId);
        if (!plan.keyIds.includes(keyId)) throw notFound('Usage Plan Key identifier');
        const keyIds = plan.keyIds.filter((each) => each !== keyId);
        await rest.commit([rest.plans.put({ ...plan, keyIds }), rest.usage.remove(`${plan.id}/${keyId}`)]);
        return {};
      }),
  };
}

function shown({ id, key: { name, value } }: ApiKeyRecord): UsagePlanKey {
  return { id, type: 'API_KEY', name, value };
}
