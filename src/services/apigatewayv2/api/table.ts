/** Every operation of API Gateway version 2, a row each. */
import type { Apigatewayv2Types } from '../../../aws/models/apigatewayv2.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { Apigatewayv2Parts } from '../parts.ts';
import { createApi, deleteApi, deleteCorsConfiguration, getApi, getApis, updateApi } from './apis.ts';
import { createAuthorizer, deleteAuthorizer, getAuthorizer, getAuthorizers, updateAuthorizer } from './authorizers.ts';
import { createDeployment, deleteDeployment, getDeployment, getDeployments, updateDeployment } from './deployments.ts';
import { importApi, reimportApi } from './import.ts';
import {
  createIntegration,
  deleteIntegration,
  getIntegration,
  getIntegrations,
  updateIntegration,
} from './integrations.ts';
import {
  createRouteResponse,
  deleteRouteResponse,
  getRouteResponse,
  getRouteResponses,
  updateRouteResponse,
} from './route-responses.ts';
import { createRoute, deleteRoute, getRoute, getRoutes, updateRoute } from './routes.ts';
import {
  createStage,
  deleteAccessLogSettings,
  deleteRouteSettings,
  deleteStage,
  getStage,
  getStages,
  resetAuthorizersCache,
  updateStage,
} from './stages.ts';
import { getTags, tagResource, untagResource } from './tags.ts';
import { unsupportedOperations } from './unsupported.ts';

export function createApigatewayv2Table(parts: Apigatewayv2Parts) {
  return {
    ...unsupportedOperations,
    CreateApi: createApi(parts),
    CreateAuthorizer: createAuthorizer(parts),
    CreateDeployment: createDeployment(parts),
    CreateIntegration: createIntegration(parts),
    CreateRoute: createRoute(parts),
    CreateRouteResponse: createRouteResponse(parts),
    CreateStage: createStage(parts),
    DeleteAccessLogSettings: deleteAccessLogSettings(parts),
    DeleteApi: deleteApi(parts),
    DeleteAuthorizer: deleteAuthorizer(parts),
    DeleteCorsConfiguration: deleteCorsConfiguration(parts),
    DeleteDeployment: deleteDeployment(parts),
    DeleteIntegration: deleteIntegration(parts),
    DeleteRoute: deleteRoute(parts),
    DeleteRouteResponse: deleteRouteResponse(parts),
    DeleteRouteSettings: deleteRouteSettings(parts),
    DeleteStage: deleteStage(parts),
    GetApi: getApi(parts),
    GetApis: getApis(parts),
    GetAuthorizer: getAuthorizer(parts),
    GetAuthorizers: getAuthorizers(parts),
    GetDeployment: getDeployment(parts),
    GetDeployments: getDeployments(parts),
    GetIntegration: getIntegration(parts),
    GetIntegrations: getIntegrations(parts),
    GetRoute: getRoute(parts),
    GetRouteResponse: getRouteResponse(parts),
    GetRouteResponses: getRouteResponses(parts),
    GetRoutes: getRoutes(parts),
    GetStage: getStage(parts),
    GetStages: getStages(parts),
    GetTags: getTags(parts),
    ImportApi: importApi(parts),
    ReimportApi: reimportApi(parts),
    ResetAuthorizersCache: resetAuthorizersCache(parts),
    TagResource: tagResource(parts),
    UntagResource: untagResource(parts),
    UpdateApi: updateApi(parts),
    UpdateAuthorizer: updateAuthorizer(parts),
    UpdateDeployment: updateDeployment(parts),
    UpdateIntegration: updateIntegration(parts),
    UpdateRoute: updateRoute(parts),
    UpdateRouteResponse: updateRouteResponse(parts),
    UpdateStage: updateStage(parts),
  } satisfies OperationTable<Apigatewayv2Types>;
}
