import { unzippedBytesMax, zippedBytesMax } from '../../model/limits.ts';
import { keptIn } from '../concurrency/reservations.ts';
import type { LambdaParts } from '../parts.ts';
import type { LambdaOperation } from '../types.ts';

export function getAccountSettings(parts: LambdaParts): LambdaOperation<'GetAccountSettings'> {
  const { functions, settings } = parts;
  return {
    handle(_input, { accountId, region }) {
      const usage = functions.usage({ accountId, region });
      return {
        AccountLimit: {
          TotalCodeSize: settings.codeStorageBytesMax,
          CodeSizeUnzipped: unzippedBytesMax,
          CodeSizeZipped: zippedBytesMax,
          ConcurrentExecutions: settings.concurrentExecutions,
          UnreservedConcurrentExecutions: settings.concurrentExecutions - keptIn(parts, { accountId, region }),
        },
        AccountUsage: { TotalCodeSize: usage.codeBytes, FunctionCount: usage.functions },
      };
    },
  };
}
