/** CreateApi with a target: one integration, one route to it, and a stage that deploys by itself. */
import type { CreateApiRequest } from '@aws-sdk/client-apigatewayv2';
import type { ApiRecord, IntegrationDocument, RouteDocument } from '../../store/apis/api-record.ts';
import { newId } from './change.ts';
import { checkIntegration } from './check-integration.ts';
import { checkRoute } from './check-route.ts';
import { newIntegration, newRoute, newStage } from './defaults.ts';
import { looksLikeFunction } from './lambda-uri.ts';
import { type Apigatewayv2Parts, badRequest } from './parts.ts';

type Wanted = Pick<CreateApiRequest, 'Target' | 'RouteKey' | 'CredentialsArn'>;

export function quickCreated(record: ApiRecord, wanted: Wanted, { random, clock }: Apigatewayv2Parts): ApiRecord {
  const { Target, RouteKey = '$default', CredentialsArn } = wanted;
  if (Target === undefined) {
    if (wanted.RouteKey !== undefined) throw badRequest('A route key needs a target');
    return record;
  }
  if (record.api.ProtocolType !== 'HTTP') throw badRequest('Quick create is supported for HTTP APIs only');
  const IntegrationId = newId(random, 7);
  const integration = newIntegration(record, {
    ...targeted(Target),
    CredentialsArn,
    IntegrationId,
    ApiGatewayManaged: true,
  });
  checkIntegration(record, integration);
  const withIntegration = { ...record, integrations: [integration] };
  const route = newRoute({
    RouteKey,
    RouteId: newId(random, 7),
    Target: `integrations/${IntegrationId}`,
    ApiGatewayManaged: true,
  });
  checkRoute(withIntegration, route);
  const stage = newStage({ StageName: '$default', AutoDeploy: true, ApiGatewayManaged: true }, clock.now());
  return { ...withIntegration, routes: [route], stages: [stage] };
}

function targeted(
  target: string,
): Pick<IntegrationDocument, 'IntegrationType' | 'IntegrationMethod' | 'IntegrationUri' | 'PayloadFormatVersion'> {
  if (looksLikeFunction(target)) {
    return {
      IntegrationType: 'AWS_PROXY',
      IntegrationMethod: 'POST',
      IntegrationUri: target,
      PayloadFormatVersion: '2.0',
    };
  }
  return {
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: target,
    PayloadFormatVersion: '1.0',
  };
}

/** UpdateApi changes what quick create made, and nothing that somebody made. */
export function quickUpdated(record: ApiRecord, { Target, RouteKey, CredentialsArn }: Wanted): ApiRecord {
  if (Target === undefined && RouteKey === undefined && CredentialsArn === undefined) return record;
  const integration = record.integrations.find((each) => each.ApiGatewayManaged);
  const route = record.routes.find((each) => each.ApiGatewayManaged);
  if (integration === undefined || route === undefined) {
    throw badRequest('Target, route key and credentials can be updated only for an API that quick create made');
  }
  const fresh = {
    ...integration,
    ...(Target === undefined ? {} : targeted(Target)),
    ...(CredentialsArn === undefined ? {} : { CredentialsArn }),
  };
  const integrations = record.integrations.filter((each) => each !== integration);
  checkIntegration({ ...record, integrations }, fresh);
  const rerouted: RouteDocument = { ...route, RouteKey: RouteKey ?? route.RouteKey };
  const routes = record.routes.filter((each) => each !== route);
  const changed = { ...record, integrations: [...integrations, fresh], routes };
  checkRoute(changed, rerouted);
  return { ...changed, routes: [...routes, rerouted] };
}
