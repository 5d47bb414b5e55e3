/** Metric filters: numbers from the lines that match, as they come. */
import type { MetricFilter } from '@aws-sdk/client-cloudwatch-logs';
import type { MetricFilterDocument } from '../../../store/logs/group-settings.ts';
import { compileFilter, selector } from '../filter-pattern.ts';
import { existingGroup, invalidParameter, type LogsParts, limitExceeded, noSuchFilter, page } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const filtersMax = 100;
const pageDefault = 50;

export function putMetricFilter({ logs, clock }: LogsParts): LogsOperation<'PutMetricFilter'> {
  return {
    async handle(
      { logGroupName = '', filterName: name = '', filterPattern: pattern = '', metricTransformations = [] },
      context,
    ) {
      existingGroup(await logs.read(), context, logGroupName);
      compileFilter(pattern);
      for (const { metricValue = '', dimensions = {} } of metricTransformations) {
        for (const text of [metricValue, ...Object.values(dimensions)]) checkSelector(text);
        if (!metricValue.startsWith('$') && !Number.isFinite(Number(metricValue))) {
          throw invalidParameter(
            `Invalid metric transformation: ${metricValue} is neither a number nor a selector like $.size`,
          );
        }
      }
      const present = [...(logs.settings.filters(context, logGroupName) ?? [])].filter(({ kind }) => kind === 'metric');
      const before = present.find((each) => each.name === name);
      if (before === undefined && present.length >= filtersMax) throw limitExceeded('Resource limit exceeded.');
      const created = before?.created ?? clock.now();
      const filter: MetricFilterDocument = {
        kind: 'metric',
        name,
        pattern,
        transformations: metricTransformations,
        created,
      };
      await logs.settings.putFilter(context, logGroupName, filter);
      return {};
    },
  };
}

export function describeMetricFilters({ logs }: LogsParts): LogsOperation<'DescribeMetricFilters'> {
  return {
    async handle(
      { logGroupName, filterNamePrefix = '', metricName, metricNamespace, limit = pageDefault, nextToken },
      context,
    ) {
      if (logGroupName !== undefined) existingGroup(await logs.read(), context, logGroupName);
      const found = logs.settings.allFilters(context).flatMap(({ group, filter }) => {
        const fits =
          filter.kind === 'metric' && group === (logGroupName ?? group) && filter.name.startsWith(filterNamePrefix);
        return fits && measures(filter, metricName, metricNamespace) ? [rendered(group, filter)] : [];
      });
      const { items, next } = page(found, nextToken, limit);
      return { metricFilters: items, nextToken: next };
    },
  };
}

export function deleteMetricFilter({ logs }: LogsParts): LogsOperation<'DeleteMetricFilter'> {
  return {
    async handle({ logGroupName = '', filterName: name = '' }, context) {
      existingGroup(await logs.read(), context, logGroupName);
      if (!(await logs.settings.deleteFilter(context, logGroupName, { kind: 'metric', name })))
        throw noSuchFilter('metric');
      return {};
    },
  };
}

export const testMetricFilter: LogsOperation<'TestMetricFilter'> = {
  handle({ filterPattern, logEventMessages = [] }) {
    const matches = compileFilter(filterPattern);
    const found = logEventMessages.map((eventMessage, index) => ({ eventNumber: index + 1, eventMessage }));
    return {
      matches: found
        .filter(({ eventMessage }) => matches(eventMessage))
        .map((each) => ({ ...each, extractedValues: {} })),
    };
  },
};

function measures({ transformations }: MetricFilterDocument, name?: string, namespace?: string): boolean {
  return transformations.some(
    ({ metricName, metricNamespace }) =>
      metricName === (name ?? metricName) && metricNamespace === (namespace ?? metricNamespace),
  );
}

function rendered(
  logGroupName: string,
  { name, pattern, transformations, created }: MetricFilterDocument,
): MetricFilter {
  return {
    filterName: name,
    filterPattern: pattern,
    metricTransformations: [...transformations],
    creationTime: created,
    logGroupName,
  };
}

function checkSelector(text: string): void {
  if (text.startsWith('$')) selector(text);
}
