/** An API as its description says it, checked as if each part had been made by its own operation. */
import type { Integration } from '@aws-sdk/client-apigatewayv2';
import type { Random } from '../../../base/random.ts';
import type { ApiRecord } from '../../../store/apis/api-record.ts';
import { newId } from '../change.ts';
import { checkAuthorizer } from '../check-authorizer.ts';
import { checkIntegration } from '../check-integration.ts';
import { checkRoute } from '../check-route.ts';
import { newAuthorizer, newIntegration, newRoute } from '../defaults.ts';
import type { DescribedApi, DescribedRoute } from './read.ts';

/** In the place of what the record has; stages and deployments stay. */
export function described(before: ApiRecord, api: DescribedApi, random: Random): ApiRecord {
  let record: ApiRecord = { ...before, authorizers: [], integrations: [], routes: [] };
  for (const each of api.authorizers) {
    const authorizer = newAuthorizer(record, { ...each, AuthorizerId: newId(random, 6) });
    checkAuthorizer(record, authorizer);
    record = { ...record, authorizers: [...record.authorizers, authorizer] };
  }
  const ids = new Map<string, string>();
  for (const route of api.routes) record = withRoute(record, route, { random, ids });
  return record;
}

interface Making {
  readonly random: Random;
  /** Integrations that say the same are one. */
  readonly ids: Map<string, string>;
}

function withRoute(before: ApiRecord, described: DescribedRoute, making: Making): ApiRecord {
  const { key, operationName, integration, authorization } = described;
  const { record, id } =
    integration === undefined ? { record: before, id: undefined } : withIntegration(before, integration, making);
  const authorizer = record.authorizers.find(({ Name }) => Name === authorization.name);
  const route = newRoute({
    RouteKey: key,
    RouteId: newId(making.random, 7),
    OperationName: operationName,
    Target: id === undefined ? undefined : `integrations/${id}`,
    AuthorizationType: authorization.type,
    AuthorizerId: authorizer?.AuthorizerId,
    AuthorizationScopes: authorization.scopes,
  });
  checkRoute(record, route);
  return { ...record, routes: [...record.routes, route] };
}

function withIntegration(
  record: ApiRecord,
  said: Integration,
  { random, ids }: Making,
): { record: ApiRecord; id: string } {
  const same = JSON.stringify(said);
  const known = ids.get(same);
  if (known !== undefined) return { record, id: known };
  const id = newId(random, 7);
  const integration = newIntegration(record, { ...said, IntegrationId: id });
  checkIntegration(record, integration);
  ids.set(same, id);
  return { record: { ...record, integrations: [...record.integrations, integration] }, id };
}
