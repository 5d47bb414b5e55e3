/** Subscription filters: the lines that match go to a function as they come. */
import type { SubscriptionFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { SubscriptionFilterDocument } from '../../../store/logs/group-settings.ts';
import { compileFilter } from '../filter-pattern.ts';
import { existingGroup, invalidParameter, type LogsParts, limitExceeded, noSuchFilter, page } from '../parts.ts';
import type { LogsOperation } from './types.ts';

/** Of one log group. */
const filtersMax = 2;
const pageDefault = 50;

export function putSubscriptionFilter({
  logs,
  clock,
  destinations,
}: LogsParts): LogsOperation<'PutSubscriptionFilter'> {
  return {
    async handle({ logGroupName = '', filterName: name = '', filterPattern: pattern = '', ...input }, context) {
      const { destinationArn = '', roleArn, distribution = 'ByLogStream' } = input;
      existingGroup(await logs.read(), context, logGroupName);
      compileFilter(pattern);
      const refused = destinations.refusal(destinationArn, context, logGroupName);
      if (refused !== undefined) throw invalidParameter(refused);
      const present = [...(logs.settings.filters(context, logGroupName) ?? [])].filter(
        ({ kind }) => kind === 'subscription',
      );
      const before = present.find((each) => each.name === name);
      if (before === undefined && present.length >= filtersMax) throw limitExceeded('Resource limit exceeded.');
      const created = before?.created ?? clock.now();
      const filter = { kind: 'subscription', name, pattern, destinationArn, roleArn, distribution, created } as const;
      await logs.settings.putFilter(context, logGroupName, filter);
      return {};
    },
  };
}

export function describeSubscriptionFilters({ logs }: LogsParts): LogsOperation<'DescribeSubscriptionFilters'> {
  return {
    async handle({ logGroupName = '', filterNamePrefix = '', limit = pageDefault, nextToken }, context) {
      existingGroup(await logs.read(), context, logGroupName);
      const found = [...(logs.settings.filters(context, logGroupName) ?? [])].flatMap((filter) =>
        filter.kind === 'subscription' && filter.name.startsWith(filterNamePrefix)
          ? [rendered(logGroupName, filter)]
          : [],
      );
      const { items, next } = page(found, nextToken, limit);
      return { subscriptionFilters: items, nextToken: next };
    },
  };
}

export function deleteSubscriptionFilter({ logs }: LogsParts): LogsOperation<'DeleteSubscriptionFilter'> {
  return {
    async handle({ logGroupName = '', filterName: name = '' }, context) {
      existingGroup(await logs.read(), context, logGroupName);
      const gone = await logs.settings.deleteFilter(context, logGroupName, { kind: 'subscription', name });
      if (!gone) throw noSuchFilter('subscription');
      return {};
    },
  };
}

function rendered(logGroupName: string, filter: SubscriptionFilterDocument): SubscriptionFilter {
  const { name, pattern, destinationArn, roleArn, distribution, created } = filter;
  return {
    filterName: name,
    logGroupName,
    filterPattern: pattern,
    destinationArn,
    roleArn,
    distribution,
    creationTime: created,
  };
}
