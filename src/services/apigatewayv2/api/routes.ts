import type { ApiRecord, RouteDocument } from '../../../store/apis/api-record.ts';
import { apiOf, changeApi, newId, patched, replaced } from '../change.ts';
import { checkRoute } from '../check-route.ts';
import { newRoute } from '../defaults.ts';
import { pageOf } from '../page.ts';
import { type Apigatewayv2Parts, notFound } from '../parts.ts';
import type { Apigatewayv2Operation } from './types.ts';

export function createRoute(parts: Apigatewayv2Parts): Apigatewayv2Operation<'CreateRoute'> {
  return {
    async handle({ ApiId, ...input }, context) {
      const route = newRoute({ ...input, RouteId: newId(parts.random, 7) });
      await changeApi(parts, context, ApiId, (record) => {
        checkRoute(record, route);
        return { ...record, routes: [...record.routes, route] };
      });
      return route;
    },
  };
}

export function getRoute(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetRoute'> {
  return { handle: ({ ApiId, RouteId }, context) => routeOf(apiOf(parts, ApiId, context), RouteId) };
}

export function getRoutes(parts: Apigatewayv2Parts): Apigatewayv2Operation<'GetRoutes'> {
  return { handle: (input, context) => pageOf(apiOf(parts, input.ApiId, context).routes, input) };
}

export function updateRoute(parts: Apigatewayv2Parts): Apigatewayv2Operation<'UpdateRoute'> {
  return {
    async handle({ ApiId, RouteId, ...input }, context) {
      const after = await changeApi(parts, context, ApiId, (record) => {
        const before = routeOf(record, RouteId);
        const changed: RouteDocument = patched(before, input);
        // Without authorization there is no authorizer: clients leave the old one out and not in.
        const { AuthorizerId: _, AuthorizationScopes: __, ...open } = changed;
        const unguarded = input.AuthorizationType !== undefined && /^(NONE|AWS_IAM)$/.test(input.AuthorizationType);
        const route = unguarded && input.AuthorizerId === undefined ? open : changed;
        checkRoute({ ...record, routes: record.routes.filter((each) => each !== before) }, route);
        return { ...record, routes: replaced(record.routes, before, route) };
      });
      return routeOf(after, RouteId);
    },
  };
}

export function deleteRoute(parts: Apigatewayv2Parts): Apigatewayv2Operation<'DeleteRoute'> {
  return {
    async handle({ ApiId, RouteId }, context) {
      await changeApi(parts, context, ApiId, (record) => {
        const route = routeOf(record, RouteId);
        const routeResponses = record.routeResponses?.filter(({ routeId }) => routeId !== RouteId);
        return { ...record, routes: record.routes.filter((each) => each !== route), routeResponses };
      });
      return {};
    },
  };
}

function routeOf({ routes }: ApiRecord, id: string | undefined): RouteDocument {
  const route = routes.find(({ RouteId }) => RouteId === id);
  if (route === undefined) throw notFound('Route', id);
  return route;
}
