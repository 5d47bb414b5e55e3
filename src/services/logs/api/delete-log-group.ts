import { type LogsParts, noSuchGroup } from '../parts.ts';
import type { LogsOperation } from './types.ts';

export function deleteLogGroup({ logs }: LogsParts): LogsOperation<'DeleteLogGroup'> {
  return {
    async handle({ logGroupName = '' }, context) {
      if (!(await logs.deleteGroup(context, logGroupName))) throw noSuchGroup();
      return {};
    },
  };
}
