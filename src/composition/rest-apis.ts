/** REST APIs of API Gateway: the operations, and the requests that they are made for. */
import type { Authenticator } from '../iam/authenticate.ts';
import { KeySets } from '../ingress/apis/authorizers/key-sets.ts';
import { Buckets } from '../ingress/apis/buckets.ts';
import { foreignPage } from '../ingress/guard.ts';
import { FunctionAuthorizers } from '../ingress/restapis/authorizers/function.ts';
import { createRestSite } from '../ingress/restapis/site.ts';
import type { AcceptEvent } from '../lambda/invoke/accept.ts';
import type { Door, StreamingDoor } from '../lambda/invoke/door.ts';
import { createApigatewayTable } from '../services/apigateway/api/table.ts';
import type { UsageCounter } from '../services/apigateway/usage-counter.ts';
import type { Base } from './base.ts';

export interface RestApiNeeds {
  readonly door: Door & StreamingDoor;
  readonly callers: Authenticator;
  readonly usage: UsageCounter;
  readonly accept: AcceptEvent;
}

export function createRestApis(
  { settings, store, clock, random, log }: Base,
  { door, callers, usage, accept }: RestApiNeeds,
) {
  const { rest, functions, resources } = store;
  const calls = { functions, resources, door, clock, random };
  const authorizers = new FunctionAuthorizers(calls);
  return {
    table: createApigatewayTable({
      rest,
      usage,
      clock,
      random,
      authorizersFlushed: (apiId, stageName) => authorizers.forget(apiId, stageName),
    }),
    site: createRestSite({
      ...calls,
      accept,
      rest,
      usage,
      buckets: new Buckets(clock),
      accessLog: store.logs,
      log,
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
