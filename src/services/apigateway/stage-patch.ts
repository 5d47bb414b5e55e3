/** Patches of stages: besides their members, settings of methods (`/~1pets/GET/throttling/rateLimit`) and canaries. */
import type { MethodSetting, PatchOperation } from '@aws-sdk/client-api-gateway';
import type { StageDocument } from '../../store/restapis/rest-record.ts';
import { own, withEntry } from './change.ts';
import { badRequest } from './parts.ts';
import { type Fields, partsOf, patched } from './patch.ts';

const fields: Fields = {
  '/deploymentId': 'text',
  '/description': 'text',
  '/documentationVersion': 'optional',
  '/clientCertificateId': 'optional',
  '/cacheClusterEnabled': 'boolean',
  '/cacheClusterSize': 'text',
  '/tracingEnabled': 'boolean',
  '/variables/*': 'text',
  '/accessLogSettings/destinationArn': 'text',
  '/accessLogSettings/format': 'text',
  '/accessLogSettings': 'whole',
  '/canarySettings/percentTraffic': 'number',
  '/canarySettings/deploymentId': 'text',
  '/canarySettings/useStageCache': 'boolean',
  '/canarySettings/stageVariableOverrides/*': 'text',
  '/canarySettings': 'whole',
};

/** Where each setting stands in a path, after the resource and the method. */
const settings: Readonly<Record<string, keyof MethodSetting>> = {
  'metrics/enabled': 'metricsEnabled',
  'logging/loglevel': 'loggingLevel',
  'logging/dataTrace': 'dataTraceEnabled',
  'throttling/burstLimit': 'throttlingBurstLimit',
  'throttling/rateLimit': 'throttlingRateLimit',
  'caching/enabled': 'cachingEnabled',
  'caching/ttlInSeconds': 'cacheTtlInSeconds',
  'caching/dataEncrypted': 'cacheDataEncrypted',
  'caching/requireAuthorizationForCacheControl': 'requireAuthorizationForCacheControl',
  'caching/unauthorizedCacheControlHeaderStrategy': 'unauthorizedCacheControlHeaderStrategy',
};

const settingFields: Fields = {
  '/metricsEnabled': 'boolean',
  '/loggingLevel': 'text',
  '/dataTraceEnabled': 'boolean',
  '/throttlingBurstLimit': 'integer',
  '/throttlingRateLimit': 'number',
  '/cachingEnabled': 'boolean',
  '/cacheTtlInSeconds': 'integer',
  '/cacheDataEncrypted': 'boolean',
  '/requireAuthorizationForCacheControl': 'boolean',
  '/unauthorizedCacheControlHeaderStrategy': 'text',
};

/** What a method has as soon as one of its settings was said. */
const firstSettings: MethodSetting = {
  metricsEnabled: false,
  loggingLevel: 'OFF',
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

export function patchedStage(stage: StageDocument, operations: readonly PatchOperation[] = []): StageDocument {
  return operations.reduce((before, operation) => {
    if (operation.op === 'copy') return promoted(before, operation);
    const setting = settingOf(operation.path);
    return setting === undefined ? patched(before, [operation], fields) : withSetting(before, operation, setting);
  }, stage);
}

interface Setting {
  /** As `pets/GET` or `*` twice. */
  readonly key: string;
  /** Undefined for all of a method's. */
  readonly member: keyof MethodSetting | undefined;
}

function settingOf(path: string | undefined): Setting | undefined {
  const parts = partsOf(path);
  const member = own(settings, parts.slice(-2).join('/'));
  const place = member === undefined ? parts : parts.slice(0, -2);
  const method = place.at(-1) ?? '';
  if (place.length < 2 || !/^(\*|ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT)$/.test(method)) return undefined;
  const resource = place.slice(0, -1).join('/');
  return { key: `${resource.replace(/^\/(?=.)/, '')}/${method}`, member };
}

function withSetting(stage: StageDocument, operation: PatchOperation, { key, member }: Setting): StageDocument {
  const before = own(stage.methodSettings, key);
  if (member === undefined) {
    if (operation.op !== 'remove')
      throw badRequest(`Invalid patch path  '${operation.path}' specified for op '${operation.op}'`);
    return { ...stage, methodSettings: withEntry(stage.methodSettings, key, undefined) };
  }
  const after = patched(before ?? firstSettings, [{ ...operation, path: `/${member}` }], settingFields);
  return { ...stage, methodSettings: withEntry(stage.methodSettings, key, after) };
}

/** A canary becomes the stage: its deployment or its variables are copied. */
function promoted(stage: StageDocument, { from, path }: PatchOperation): StageDocument {
  const { canarySettings } = stage;
  if (canarySettings === undefined) throw badRequest('Invalid patch operation: the stage has no canary');
  if (from === '/canarySettings/deploymentId' && path === '/deploymentId') {
    return { ...stage, deploymentId: canarySettings.deploymentId };
  }
  if (from === '/canarySettings/stageVariableOverrides' && path === '/variables') {
    return { ...stage, variables: { ...stage.variables, ...canarySettings.stageVariableOverrides } };
  }
  throw badRequest(`Invalid patch path  '${path}' specified for op 'copy' from '${from}'`);
}
