/** Every operation of the Lambda API, a row each: what works, and why the rest does not yet. */
import type { LambdaTypes } from '../../aws/models/lambda.types.ts';
import type { OperationTable } from '../../aws/operation.ts';
import { getAccountSettings } from './account/get-account-settings.ts';
import { createAlias } from './alias/create-alias.ts';
import { deleteAlias } from './alias/delete-alias.ts';
import { getAlias } from './alias/get-alias.ts';
import { listAliases } from './alias/list-aliases.ts';
import { updateAlias } from './alias/update-alias.ts';
import { deleteFunctionConcurrency } from './concurrency/delete-function-concurrency.ts';
import { getFunctionConcurrency } from './concurrency/get-function-concurrency.ts';
import { putFunctionConcurrency } from './concurrency/put-function-concurrency.ts';
import { deleteFunctionEventInvokeConfig } from './event-invoke-config/delete-function-event-invoke-config.ts';
import { getFunctionEventInvokeConfig } from './event-invoke-config/get-function-event-invoke-config.ts';
import { listFunctionEventInvokeConfigs } from './event-invoke-config/list-function-event-invoke-configs.ts';
import { putFunctionEventInvokeConfig } from './event-invoke-config/put-function-event-invoke-config.ts';
import { updateFunctionEventInvokeConfig } from './event-invoke-config/update-function-event-invoke-config.ts';
import { createFunction } from './function/create-function.ts';
import { deleteFunction } from './function/delete-function.ts';
import { getFunction } from './function/get-function.ts';
import { getFunctionConfiguration } from './function/get-function-configuration.ts';
import { listFunctions } from './function/list-functions.ts';
import { updateFunctionCode } from './function/update-function-code.ts';
import { updateFunctionConfiguration } from './function/update-function-configuration.ts';
import { invoke } from './invocation/invoke.ts';
import { invokeAsync } from './invocation/invoke-async.ts';
import { invokeWithResponseStream } from './invocation/invoke-with-response-stream.ts';
import { addLayerVersionPermission } from './layer/add-layer-version-permission.ts';
import { deleteLayerVersion } from './layer/delete-layer-version.ts';
import { getLayerVersion } from './layer/get-layer-version.ts';
import { getLayerVersionByArn } from './layer/get-layer-version-by-arn.ts';
import { getLayerVersionPolicy } from './layer/get-layer-version-policy.ts';
import { listLayerVersions } from './layer/list-layer-versions.ts';
import { listLayers } from './layer/list-layers.ts';
import { publishLayerVersion } from './layer/publish-layer-version.ts';
import { removeLayerVersionPermission } from './layer/remove-layer-version-permission.ts';
import { createEventSourceMapping } from './mapping/create-event-source-mapping.ts';
import { deleteEventSourceMapping } from './mapping/delete-event-source-mapping.ts';
import { getEventSourceMapping } from './mapping/get-event-source-mapping.ts';
import { listEventSourceMappings } from './mapping/list-event-source-mappings.ts';
import { updateEventSourceMapping } from './mapping/update-event-source-mapping.ts';
import type { LambdaParts } from './parts.ts';
import { addPermission } from './policy/add-permission.ts';
import { deleteResourcePolicy } from './policy/delete-resource-policy.ts';
import { getPolicy } from './policy/get-policy.ts';
import { getResourcePolicy } from './policy/get-resource-policy.ts';
import { putResourcePolicy } from './policy/put-resource-policy.ts';
import { removePermission } from './policy/remove-permission.ts';
import { deleteProvisionedConcurrencyConfig } from './provisioned/delete-provisioned-concurrency-config.ts';
import { getProvisionedConcurrencyConfig } from './provisioned/get-provisioned-concurrency-config.ts';
import { listProvisionedConcurrencyConfigs } from './provisioned/list-provisioned-concurrency-configs.ts';
import { putProvisionedConcurrencyConfig } from './provisioned/put-provisioned-concurrency-config.ts';
import { getFunctionRecursionConfig } from './recursion/get-function-recursion-config.ts';
import { putFunctionRecursionConfig } from './recursion/put-function-recursion-config.ts';
import { getRuntimeManagementConfig } from './runtime-management/get-runtime-management-config.ts';
import { putRuntimeManagementConfig } from './runtime-management/put-runtime-management-config.ts';
import { createCodeSigningConfig } from './signing/create-code-signing-config.ts';
import { deleteCodeSigningConfig } from './signing/delete-code-signing-config.ts';
import { deleteFunctionCodeSigningConfig } from './signing/delete-function-code-signing-config.ts';
import { getCodeSigningConfig } from './signing/get-code-signing-config.ts';
import { getFunctionCodeSigningConfig } from './signing/get-function-code-signing-config.ts';
import { listCodeSigningConfigs } from './signing/list-code-signing-configs.ts';
import { listFunctionsByCodeSigningConfig } from './signing/list-functions-by-code-signing-config.ts';
import { putFunctionCodeSigningConfig } from './signing/put-function-code-signing-config.ts';
import { updateCodeSigningConfig } from './signing/update-code-signing-config.ts';
import { listTags } from './tag/list-tags.ts';
import { tagResource } from './tag/tag-resource.ts';
import { untagResource } from './tag/untag-resource.ts';
import { unsupportedOperations } from './unsupported.ts';
import { createFunctionUrlConfig } from './url/create-function-url-config.ts';
import { deleteFunctionUrlConfig } from './url/delete-function-url-config.ts';
import { getFunctionUrlConfig } from './url/get-function-url-config.ts';
import { listFunctionUrlConfigs } from './url/list-function-url-configs.ts';
import { updateFunctionUrlConfig } from './url/update-function-url-config.ts';
import { listVersionsByFunction } from './version/list-versions-by-function.ts';
import { publishVersion } from './version/publish-version.ts';

export function createLambdaTable(parts: LambdaParts) {
  return {
    ...unsupportedOperations,
    ...runningOperations(parts),
    AddPermission: addPermission(parts),
    CreateAlias: createAlias(parts),
    CreateCodeSigningConfig: createCodeSigningConfig(parts),
    DeleteCodeSigningConfig: deleteCodeSigningConfig(parts),
    DeleteFunctionCodeSigningConfig: deleteFunctionCodeSigningConfig(parts),
    GetCodeSigningConfig: getCodeSigningConfig(parts),
    GetFunctionCodeSigningConfig: getFunctionCodeSigningConfig(parts),
    ListCodeSigningConfigs: listCodeSigningConfigs(parts),
    ListFunctionsByCodeSigningConfig: listFunctionsByCodeSigningConfig(parts),
    PutFunctionCodeSigningConfig: putFunctionCodeSigningConfig(parts),
    UpdateCodeSigningConfig: updateCodeSigningConfig(parts),
    CreateFunction: createFunction(parts),
    DeleteAlias: deleteAlias(parts),
    CreateEventSourceMapping: createEventSourceMapping(parts),
    DeleteEventSourceMapping: deleteEventSourceMapping(parts),
    DeleteFunction: deleteFunction(parts),
    DeleteResourcePolicy: deleteResourcePolicy(parts),
    AddLayerVersionPermission: addLayerVersionPermission(parts),
    DeleteLayerVersion: deleteLayerVersion(parts),
    GetAccountSettings: getAccountSettings(parts),
    GetAlias: getAlias(parts),
    GetEventSourceMapping: getEventSourceMapping(parts),
    GetFunction: getFunction(parts),
    GetFunctionConfiguration: getFunctionConfiguration(parts),
    GetPolicy: getPolicy(parts),
    GetResourcePolicy: getResourcePolicy(parts),
    GetLayerVersion: getLayerVersion(parts),
    GetLayerVersionByArn: getLayerVersionByArn(parts),
    GetLayerVersionPolicy: getLayerVersionPolicy(parts),
    Invoke: invoke(parts),
    InvokeAsync: invokeAsync(parts),
    ListAliases: listAliases(parts),
    ListEventSourceMappings: listEventSourceMappings(parts),
    InvokeWithResponseStream: invokeWithResponseStream(parts),
    ListFunctions: listFunctions(parts),
    ListLayerVersions: listLayerVersions(parts),
    ListLayers: listLayers(parts),
    ListTags: listTags(parts),
    PutResourcePolicy: putResourcePolicy(parts),
    RemovePermission: removePermission(parts),
    PublishLayerVersion: publishLayerVersion(parts),
    ListVersionsByFunction: listVersionsByFunction(parts),
    PublishVersion: publishVersion(parts),
    RemoveLayerVersionPermission: removeLayerVersionPermission(parts),
    TagResource: tagResource(parts),
    UntagResource: untagResource(parts),
    UpdateAlias: updateAlias(parts),
    UpdateEventSourceMapping: updateEventSourceMapping(parts),
    UpdateFunctionCode: updateFunctionCode(parts),
    UpdateFunctionConfiguration: updateFunctionConfiguration(parts),
    CreateFunctionUrlConfig: createFunctionUrlConfig(parts),
    DeleteFunctionUrlConfig: deleteFunctionUrlConfig(parts),
    GetFunctionUrlConfig: getFunctionUrlConfig(parts),
    ListFunctionUrlConfigs: listFunctionUrlConfigs(parts),
    UpdateFunctionUrlConfig: updateFunctionUrlConfig(parts),
  } satisfies OperationTable<LambdaTypes>;
}

/** How functions run: how many at once, ready beforehand, how often, and in circles. */
function runningOperations(parts: LambdaParts) {
  return {
    DeleteFunctionConcurrency: deleteFunctionConcurrency(parts),
    DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig(parts),
    DeleteProvisionedConcurrencyConfig: deleteProvisionedConcurrencyConfig(parts),
    GetFunctionConcurrency: getFunctionConcurrency(parts),
    GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(parts),
    GetFunctionRecursionConfig: getFunctionRecursionConfig(parts),
    GetRuntimeManagementConfig: getRuntimeManagementConfig(parts),
    GetProvisionedConcurrencyConfig: getProvisionedConcurrencyConfig(parts),
    ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs(parts),
    ListProvisionedConcurrencyConfigs: listProvisionedConcurrencyConfigs(parts),
    PutFunctionConcurrency: putFunctionConcurrency(parts),
    PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(parts),
    PutFunctionRecursionConfig: putFunctionRecursionConfig(parts),
    PutRuntimeManagementConfig: putRuntimeManagementConfig(parts),
    PutProvisionedConcurrencyConfig: putProvisionedConcurrencyConfig(parts),
    UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig(parts),
  } satisfies Partial<OperationTable<LambdaTypes>>;
}
