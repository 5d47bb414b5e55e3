/** Route responses of WebSocket APIs: with one, a route answers whoever sent its message. */
import type { ApiRecord, RouteResponseDocument } from '../../../store/apis/api-record.ts';
import { apiOf, changeApi, newId, patched, replaced } from '../change.ts';
import { pageOf } from '../page.ts';
import { type Apigatewayv2Parts, badRequest, conflict, notFound } from '../parts.ts';
import type { Apigatewayv2Operation } from './types.ts';

export function createRouteResponse(parts: Apigatewayv2Parts): Apigatewayv2Operation<'CreateRouteResponse'> {
  return {
    async handle({ ApiId, RouteId, ...input }, context) {
      const RouteResponseId = newId(parts.random, 7);
      const after = await changeApi(parts, context, ApiId, (record) => {
        checkRoute(record, RouteId);
        const response = {
          ...input,
          RouteResponseKey: input.RouteResponseKey,
          RouteResponseId,
          routeId: RouteId ?? '',
        };
        checkResponse(record, response);
        return { ...record, routeResponses: [...(record.routeResponses ?? []), response] };
      });
      return shown(responseOf(after, RouteId, RouteResponseId));
    },
  };
}

export function getRouteResponse(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetRouteResponse'> {
  return {
    handle({ ApiId, RouteId, RouteResponseId }, context) {
      return shown(responseOf(apiOf(parts, ApiId, context), RouteId, RouteResponseId));
    },
  };
}

export function getRouteResponses(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetRouteResponses'> {
  return {
    handle(input, context) {
      const record = apiOf(parts, input.ApiId, context);
      checkRoute(record, input.RouteId);
      const { Items, ...page } = pageOf(
        (record.routeResponses ?? []).filter(({ routeId }) => routeId === input.RouteId),
        input,
      );
      return { ...page, Items: Items.map(shown) };
    },
  };
}

export function updateRouteResponse(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UpdateRouteResponse'> {
  return {
    async handle({ ApiId, RouteId, RouteResponseId, ...input }, context) {
      const after = await changeApi(parts, context, ApiId, (record) => {
        const before = responseOf(record, RouteId, RouteResponseId);
        const response = patched(before, input);
        const others = (record.routeResponses ?? []).filter((each) => each !== before);
        checkResponse({ ...record, routeResponses: others }, response);
        return { ...record, routeResponses: replaced(record.routeResponses ?? [], before, response) };
      });
      return shown(responseOf(after, RouteId, RouteResponseId));
    },
  };
}

export function deleteRouteResponse(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteRouteResponse'> {
  return {
    async handle({ ApiId, RouteId, RouteResponseId }, context) {
      await changeApi(parts, context, ApiId, (record) => {
        const response = responseOf(record, RouteId, RouteResponseId);
        return { ...record, routeResponses: record.routeResponses?.filter((each) => each !== response) };
      });
      return {};
    },
  };
}

function checkRoute({ api, routes }: ApiRecord, id: string | undefined): void {
  if (api.ProtocolType !== 'WEBSOCKET') throw badRequest('Route responses are supported for WebSocket APIs only');
  if (!routes.some(({ RouteId }) => RouteId === id)) throw notFound('Route', id);
}

function checkResponse({ routeResponses = [] }: ApiRecord, response: RouteResponseDocument): void {
  if (response.RouteResponseKey !== '$default') throw badRequest('The route response key must be $default');
  if (response.ResponseModels !== undefined || response.ResponseParameters !== undefined) {
    throw badRequest('Models and parameters of route responses are not there yet');
  }
  if (routeResponses.some(({ routeId }) => routeId === response.routeId)) {
    throw conflict('Route response with key $default already exists for this route');
  }
}

function responseOf({ routeResponses = [] }: ApiRecord, route: string | undefined, id: string | undefined) {
  const response = routeResponses.find((each) => each.routeId === route && each.RouteResponseId === id);
  if (response === undefined) throw notFound('RouteResponse', id);
  return response;
}

function shown({ routeId: _, ...response }: RouteResponseDocument) {
  return response;
}
