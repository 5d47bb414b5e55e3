import type { ApiKey } from '@aws-sdk/client-api-gateway';
import type { ApiKeyRecord, RestScope } from '../../../store/restapis/rest-record.ts';
import type { RestStore } from '../../../store/restapis/rest-store.ts';
import { newId, said, sameScope } from '../change.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest, conflict, notFound } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';
import { plansTurn } from './usage-plans.ts';

const fields: Fields = { '/name': 'text', '/description': 'text', '/enabled': 'boolean', '/customerId': 'text' };

/** Two keys with one value would be one key for whoever sends it. */
export const keysTurn = 'api-keys';

export function createApiKey(parts: ApigatewayParts): ApigatewayOperation<'CreateApiKey'> {
  const { rest, clock, random } = parts;
  return {
    handle: ({ generateDistinctId: _, stageKeys = [], ...input }, { accountId, region }) =>
      rest.take(keysTurn, async () => {
        if (stageKeys.length > 0) throw badRequest('Stage keys are of the past: use a usage plan');
        const value = input.value ?? random.hex(20);
        if (value.length < 20 || value.length > 128) {
          throw badRequest('API Key value should be at least 20 characters and at most 128 characters');
        }
        const createdAt = clock.now();
        const record: ApiKeyRecord = {
          ...{ id: newId(parts, 10), accountId, region, createdAt, updatedAt: createdAt },
          key: { enabled: false, ...said(input), value },
        };
        if (rest.keyWith(value, record) !== undefined) throw conflict('API Key already exists');
        await rest.commit([rest.keys.put(record)]);
        return shown(record, true);
      }),
  };
}

export function getApiKey({ rest }: ApigatewayParts): ApigatewayOperation<'GetApiKey'> {
  return { handle: ({ apiKey, includeValue }, context) => shown(keyOf(rest, context, apiKey), includeValue === true) };
}

export function getApiKeys({ rest }: ApigatewayParts): ApigatewayOperation<'GetApiKeys'> {
  return {
    handle({ nameQuery, customerId, includeValues, ...page }, context) {
      const found = rest.keys
        .list(context)
        .filter(({ key }) => nameQuery === undefined || key.name?.startsWith(nameQuery))
        .filter(({ key }) => customerId === undefined || key.customerId === customerId);
      const { items, ...more } = pageOf(found, page);
      return { items: items.map((each) => shown(each, includeValues === true)), ...more };
    },
  };
}

export function updateApiKey({ rest, clock }: ApigatewayParts): ApigatewayOperation<'UpdateApiKey'> {
  return {
    handle: ({ apiKey, patchOperations }, context) =>
      rest.take(keysTurn, async () => {
        const before = keyOf(rest, context, apiKey);
        const after = { ...before, key: patched(before.key, patchOperations, fields), updatedAt: clock.now() };
        await rest.commit([rest.keys.put(after)]);
        return shown(after, false);
      }),
  };
}

/** Plans that had it are without it. */
export function deleteApiKey({ rest }: ApigatewayParts): ApigatewayOperation<'DeleteApiKey'> {
  return {
    handle: ({ apiKey }, context) =>
      inBothTurns(rest, async () => {
        const { id } = keyOf(rest, context, apiKey);
        const plans = [...rest.plans.all()].filter(({ keyIds }) => keyIds.includes(id));
        await rest.commit([
          rest.keys.remove(id),
          ...plans.map((plan) => rest.plans.put({ ...plan, keyIds: plan.keyIds.filter((each) => each !== id) })),
          ...plans.map((plan) => rest.usage.remove(`${plan.id}/${id}`)),
        ]);
        return {};
      }),
  };
}

/** A key that is changed at this moment must not come back. */
function inBothTurns<T>(rest: RestStore, action: () => Promise<T>): Promise<T> {
  return rest.take(keysTurn, () => rest.take(plansTurn, action));
}

export function keyOf(rest: RestStore, scope: RestScope, id: string | undefined): ApiKeyRecord {
  const record = rest.keys.get(id ?? '');
  if (record === undefined || !sameScope(record, scope)) throw notFound('API Key identifier');
  return record;
}

function shown({ id, key, createdAt, updatedAt }: ApiKeyRecord, withValue: boolean): ApiKey {
  const { value, ...rest } = key;
  const dates = { createdDate: new Date(createdAt), lastUpdatedDate: new Date(updatedAt) };
  return { id, ...rest, ...(withValue ? { value } : {}), ...dates, stageKeys: [] };
}
