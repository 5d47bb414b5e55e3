import { existingGroup, type LogsParts, noSuchStream } from '../parts.ts';
import type { LogsOperation } from './types.ts';

export function deleteLogStream({ logs }: LogsParts): LogsOperation<'DeleteLogStream'> {
  return {
    async handle({ logGroupName = '', logStreamName = '' }, context) {
      existingGroup(await logs.read(), context, logGroupName);
      if (!(await logs.deleteStream(context, logGroupName, logStreamName))) throw noSuchStream();
      return {};
    },
  };
}
