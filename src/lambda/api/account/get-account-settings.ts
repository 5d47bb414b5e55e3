import { unzippedBytesMax, zippedBytesMax } from '../../model/limits.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

export function getAccountSettings({ functions, settings }: LambdaParts): LambdaOperation<'GetAccountSettings'> {
  return {
    handle(_input, { accountId, region }) {
      const usage = functions.usage({ accountId, region });
      return {
        AccountLimit: {
          TotalCodeSize: settings.codeStorageBytesMax,
          CodeSizeUnzipped: unzippedBytesMax,
          CodeSizeZipped: zippedBytesMax,
          ConcurrentExecutions: settings.concurrentExecutions,
          // Nothing can be reserved yet.
          UnreservedConcurrentExecutions: settings.concurrentExecutions,
        },
        AccountUsage: { TotalCodeSize: usage.codeBytes, FunctionCount: usage.functions },
      };
    },
  };
}
