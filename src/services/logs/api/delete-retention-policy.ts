import { type LogsParts, noSuchGroup } from '../parts.ts';
import type { LogsOperation } from './types.ts';

export function deleteRetentionPolicy({ logs }: LogsParts): LogsOperation<'DeleteRetentionPolicy'> {
  return {
    async handle({ logGroupName = '' }, context) {
      await logs.read();
      if (!(await logs.setRetention(context, logGroupName, undefined))) throw noSuchGroup();
      return {};
    },
  };
}
