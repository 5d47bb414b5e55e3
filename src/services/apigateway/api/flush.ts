import { apiOf, stageOf } from '../change.ts';
import type { ApigatewayOperation, ApigatewayParts } from '../parts.ts';

export function flushStageAuthorizersCache(parts: ApigatewayParts): ApigatewayOperation<'FlushStageAuthorizersCache'> {
  return {
    handle({ restApiId = '', stageName = '' }, context) {
      stageOf(apiOf(parts, context, restApiId), stageName);
      parts.authorizersFlushed(restApiId, stageName);
      return {};
    },
  };
}
