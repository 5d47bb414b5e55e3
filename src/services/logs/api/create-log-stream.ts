import { alreadyExists, existingGroup, type LogsParts } from '../parts.ts';
import type { LogsOperation } from './types.ts';

export function createLogStream({ logs, clock }: LogsParts): LogsOperation<'CreateLogStream'> {
  return {
    async handle({ logGroupName = '', logStreamName = '' }, context) {
      existingGroup(await logs.read(), context, logGroupName);
      if (!(await logs.createStream(context, logGroupName, logStreamName, clock.now()))) throw alreadyExists('stream');
      return {};
    },
  };
}
