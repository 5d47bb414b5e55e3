/** APIs of API Gateway version 2: the operations, and the requests that they are made for. */
import type { Authenticator } from '../iam/authenticate.ts';
import { KeySets } from '../ingress/apis/authorizers/key-sets.ts';
import { RequestAuthorizers } from '../ingress/apis/authorizers/request.ts';
import { createApiSite } from '../ingress/apis/site.ts';
import { Throttle } from '../ingress/apis/throttle.ts';
import { Connections } from '../ingress/apis/websocket/connections.ts';
import { foreignPage } from '../ingress/guard.ts';
import type { Door } from '../lambda/invoke/door.ts';
import { createApigatewayv2Table } from '../services/apigatewayv2/api/table.ts';
import type { Base } from './base.ts';

export function createApis(
  { settings, store, clock, random, log }: Base,
  { door, callers }: { readonly door: Door; readonly callers: Authenticator },
) {
  const { apis, functions, resources } = store;
  const calls = { functions, resources, door, clock, random };
  const authorizers = new RequestAuthorizers(calls);
  return {
    table: createApigatewayv2Table({
      apis,
      clock,
      random,
      forgetAuthorised: (apiId, stageName) => authorizers.forget(apiId, stageName),
    }),
    site: createApiSite({
      ...calls,
      apis,
      accessLog: store.logs,
      log,
      throttle: new Throttle(clock),
      connections: new Connections(),
      authorizers: {
        callers,
        clock,
        keySets: new KeySets(clock),
        functions: authorizers,
        isForeign: (headers) => settings.auth === 'open' && foreignPage(headers, [settings.host]) !== undefined,
      },
    }),
  };
}
