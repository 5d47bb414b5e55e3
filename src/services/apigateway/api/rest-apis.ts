import type { RestApiRecord } from '../../../store/restapis/rest-record.ts';
import type { RestStore } from '../../../store/restapis/rest-store.ts';
import { apiOf, changeApi, marked, newId } from '../change.ts';
import { checkSettings } from '../check-api.ts';
import { newApi } from '../defaults.ts';
import { pageOf } from '../page.ts';
import { type ApigatewayOperation, type ApigatewayParts, badRequest } from '../parts.ts';
import { type Fields, patched } from '../patch.ts';
import { shownApi } from '../render.ts';
import { plansTurn } from './usage-plans.ts';

const fields: Fields = {
  '/name': 'text',
  '/description': 'text',
  '/version': 'text',
  '/policy': 'optional',
  '/apiKeySource': 'text',
  '/binaryMediaTypes/*': 'item',
  '/minimumCompressionSize': 'integer',
  '/disableExecuteApiEndpoint': 'boolean',
  '/securityPolicy': 'text',
  '/endpointAccessMode': 'text',
  '/endpointConfiguration/types/*': 'item',
  '/endpointConfiguration/ipAddressType': 'text',
};

export function createRestApi(parts: ApigatewayParts): ApigatewayOperation<'CreateRestApi'> {
  return {
    async handle({ cloneFrom, ...input }, context) {
      const { rest, clock, random } = parts;
      const { accountId, region } = context;
      const source = cloneFrom === undefined ? undefined : apiOf(parts, context, cloneFrom);
      const fresh = newApi(input, { id: newId(parts, 10), createdAt: clock.now(), accountId, region, random });
      const record =
        source === undefined ? marked(fresh, context) : marked(marked(cloned(fresh, source), source), context);
      checkSettings(record);
      await rest.commit([rest.apis.put(record)]);
      return shownApi(record);
    },
  };
}

/** With all that the other has, but for its deployments and stages. */
function cloned(fresh: RestApiRecord, source: RestApiRecord): RestApiRecord {
  const { resources, models, validators, authorizers, gatewayResponses } = source;
  const api = { ...source.api, ...fresh.api };
  return { ...fresh, api, resources, models, validators, authorizers, gatewayResponses };
}

export function getRestApi(parts: ApigatewayParts): ApigatewayOperation<'GetRestApi'> {
  return { handle: ({ restApiId }, context) => shownApi(apiOf(parts, context, restApiId)) };
}

export function getRestApis({ rest }: ApigatewayParts): ApigatewayOperation<'GetRestApis'> {
  return {
    handle(input, context) {
      const { items, ...more } = pageOf(rest.apis.list(context), input);
      return { items: items.map(shownApi), ...more };
    },
  };
}

export function updateRestApi(parts: ApigatewayParts): ApigatewayOperation<'UpdateRestApi'> {
  return {
    async handle({ restApiId, patchOperations }, context) {
      const after = await changeApi(parts, context, restApiId, (record) => {
        const changed = { ...record, api: patched(record.api, patchOperations, fields) };
        checkSettings(changed);
        return changed;
      });
      return shownApi(after);
    },
  };
}

export function deleteRestApi(parts: ApigatewayParts): ApigatewayOperation<'DeleteRestApi'> {
  const { rest } = parts;
  return {
    handle: ({ restApiId = '' }, context) =>
      inBothTurns(rest, restApiId, async () => {
        apiOf(parts, context, restApiId);
        const user = [...rest.plans.all()].find(({ plan }) => plan.apiStages?.some(({ apiId }) => apiId === restApiId));
        if (user !== undefined) {
          throw badRequest(`Cannot delete, API stages in this API are associated with usage plan ${user.id}`);
        }
        const deployments = [...rest.deployments.all()].filter(({ apiId }) => apiId === restApiId);
        await rest.commit([rest.apis.remove(restApiId), ...deployments.map(({ id }) => rest.deployments.remove(id))]);
        return {};
      }),
  };
}

/** No plan may name it meanwhile. */
function inBothTurns<T>(rest: RestStore, id: string, action: () => Promise<T>): Promise<T> {
  return rest.take(plansTurn, () => rest.take(id, action));
}
