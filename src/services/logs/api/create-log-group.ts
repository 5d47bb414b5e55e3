import { alreadyExists, type LogsParts } from '../parts.ts';
import { checkedTags } from './tags.ts';
import type { LogsOperation } from './types.ts';

export function createLogGroup({ logs, clock }: LogsParts): LogsOperation<'CreateLogGroup'> {
  return {
    async handle({ logGroupName = '', tags = {} }, context) {
      checkedTags(tags);
      if (!(await logs.createGroup(context, logGroupName, clock.now()))) throw alreadyExists('group');
      if (Object.keys(tags).length > 0) await logs.settings.setTags(context, logGroupName, tags);
      return {};
    },
  };
}
