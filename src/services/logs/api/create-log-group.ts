import { alreadyExists, type LogsParts } from '../parts.ts';
import type { LogsOperation } from './types.ts';

export function createLogGroup({ logs, clock }: LogsParts): LogsOperation<'CreateLogGroup'> {
  return {
    async handle({ logGroupName = '' }, context) {
      if (!(await logs.createGroup(context, logGroupName, clock.now()))) throw alreadyExists('group');
      return {};
    },
  };
}
