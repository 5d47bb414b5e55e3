import type { Place } from '../../../store/logs/log-queries.ts';
import { groupArn, type LogsParts, page } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const limitDefault = 50;

/** Two ARNs a group: the old one ends in `:*`. */
export function describeLogGroups({ logs }: LogsParts): LogsOperation<'DescribeLogGroups'> {
  return {
    async handle(input, context) {
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '', limit = limitDefault } = input;
      const queries = await logs.read();
      const fitting = queries.groups(context).filter(({ name }) => name.startsWith(prefix) && name.includes(pattern));
      const { items, next } = page(fitting, input.nextToken, limit);
      return {
        logGroups: items.map((group) => ({
          logGroupName: group.name,
          creationTime: group.created,
          retentionInDays: group.retentionDays,
          metricFilterCount: metricFilters(logs, context, group.name),
          arn: `${groupArn(context, group.name)}:*`,
          logGroupArn: groupArn(context, group.name),
          storedBytes: group.bytes,
          logGroupClass: 'STANDARD',
        })),
        nextToken: next,
      };
    },
  };
}

function metricFilters({ settings }: LogsParts['logs'], place: Place, group: string): number {
  return [...(settings.filters(place, group) ?? [])].filter(({ kind }) => kind === 'metric').length;
}
