/** Every operation of API Gateway version 1, a row each. */
import type { ApigatewayTypes } from '../../../aws/models/apigateway.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { ApigatewayParts } from '../parts.ts';
import { accountRows } from './account-rows.ts';
import { createAuthorizer, deleteAuthorizer, getAuthorizer, getAuthorizers, updateAuthorizer } from './authorizers.ts';
import { createDeployment, deleteDeployment, getDeployment, getDeployments, updateDeployment } from './deployments.ts';
import { getExport } from './export.ts';
import { flushStageAuthorizersCache } from './flush.ts';
import {
  deleteGatewayResponse,
  getGatewayResponse,
  getGatewayResponses,
  putGatewayResponse,
  updateGatewayResponse,
} from './gateway-responses.ts';
import { importRestApi, putRestApi } from './imports.ts';
import {
  deleteIntegrationResponse,
  getIntegrationResponse,
  putIntegrationResponse,
  updateIntegrationResponse,
} from './integration-responses.ts';
import { deleteIntegration, getIntegration, putIntegration, updateIntegration } from './integrations.ts';
import {
  deleteMethodResponse,
  getMethodResponse,
  putMethodResponse,
  updateMethodResponse,
} from './method-responses.ts';
import { deleteMethod, getMethod, putMethod, updateMethod } from './methods.ts';
import { createModel, deleteModel, getModel, getModels, updateModel } from './models.ts';
import {
  createRequestValidator,
  deleteRequestValidator,
  getRequestValidator,
  getRequestValidators,
  updateRequestValidator,
} from './request-validators.ts';
import { createResource, deleteResource, getResource, getResources, updateResource } from './resources.ts';
import { createRestApi, deleteRestApi, getRestApi, getRestApis, updateRestApi } from './rest-apis.ts';
import { createStage, deleteStage, getStage, getStages, updateStage } from './stages.ts';
import { unsupportedOperations } from './unsupported.ts';

export function createApigatewayTable(parts: ApigatewayParts) {
  return {
    ...unsupportedOperations,
    ...accountRows(parts),
    CreateAuthorizer: createAuthorizer(parts),
    CreateDeployment: createDeployment(parts),
    CreateModel: createModel(parts),
    CreateRequestValidator: createRequestValidator(parts),
    CreateResource: createResource(parts),
    CreateRestApi: createRestApi(parts),
    CreateStage: createStage(parts),
    DeleteAuthorizer: deleteAuthorizer(parts),
    DeleteDeployment: deleteDeployment(parts),
    DeleteGatewayResponse: deleteGatewayResponse(parts),
    DeleteIntegration: deleteIntegration(parts),
    DeleteIntegrationResponse: deleteIntegrationResponse(parts),
    DeleteMethod: deleteMethod(parts),
    DeleteMethodResponse: deleteMethodResponse(parts),
    DeleteModel: deleteModel(parts),
    DeleteRequestValidator: deleteRequestValidator(parts),
    DeleteResource: deleteResource(parts),
    DeleteRestApi: deleteRestApi(parts),
    DeleteStage: deleteStage(parts),
    FlushStageAuthorizersCache: flushStageAuthorizersCache(parts),
    GetAuthorizer: getAuthorizer(parts),
    GetAuthorizers: getAuthorizers(parts),
    GetDeployment: getDeployment(parts),
    GetDeployments: getDeployments(parts),
    GetExport: getExport(parts),
    GetGatewayResponse: getGatewayResponse(parts),
    GetGatewayResponses: getGatewayResponses(parts),
    GetIntegration: getIntegration(parts),
    GetIntegrationResponse: getIntegrationResponse(parts),
    GetMethod: getMethod(parts),
    GetMethodResponse: getMethodResponse(parts),
    GetModel: getModel(parts),
    GetModels: getModels(parts),
    GetRequestValidator: getRequestValidator(parts),
    GetRequestValidators: getRequestValidators(parts),
    GetResource: getResource(parts),
    GetResources: getResources(parts),
    GetRestApi: getRestApi(parts),
    GetRestApis: getRestApis(parts),
    GetStage: getStage(parts),
    GetStages: getStages(parts),
    ImportRestApi: importRestApi(parts),
    PutGatewayResponse: putGatewayResponse(parts),
    PutIntegration: putIntegration(parts),
    PutIntegrationResponse: putIntegrationResponse(parts),
    PutMethod: putMethod(parts),
    PutMethodResponse: putMethodResponse(parts),
    PutRestApi: putRestApi(parts),
    UpdateAuthorizer: updateAuthorizer(parts),
    UpdateDeployment: updateDeployment(parts),
    UpdateGatewayResponse: updateGatewayResponse(parts),
    UpdateIntegration: updateIntegration(parts),
    UpdateIntegrationResponse: updateIntegrationResponse(parts),
    UpdateMethod: updateMethod(parts),
    UpdateMethodResponse: updateMethodResponse(parts),
    UpdateModel: updateModel(parts),
    UpdateRequestValidator: updateRequestValidator(parts),
    UpdateResource: updateResource(parts),
    UpdateRestApi: updateRestApi(parts),
    UpdateStage: updateStage(parts),
  } satisfies OperationTable<ApigatewayTypes>;
}
