import { functionArn } from '../../model/function.ts';
import { ownedKey } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';
import { managed } from './managed.ts';

export function getRuntimeManagementConfig(parts: LambdaParts): LambdaOperation<'GetRuntimeManagementConfig'> {
  return {
    handle(input, context) {
      const { key, qualifier } = managed(parts, input, context);
      const config = parts.resources.get('runtime-management', ownedKey(key, qualifier));
      return {
        UpdateRuntimeOn: config?.updateRuntimeOn ?? 'Auto',
        RuntimeVersionArn: config?.runtimeVersionArn,
        FunctionArn: functionArn(key, qualifier),
      };
    },
  };
}
