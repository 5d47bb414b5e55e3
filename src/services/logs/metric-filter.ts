/** The metrics that a metric filter makes of the events it matches. */
import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import type { LogEvent } from '../../observe/function-log.ts';
import type { MetricFilterDocument } from '../../store/logs/group-settings.ts';
import { selector } from './filter-pattern.ts';

export interface FilteredMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

export function metricsIn({ transformations }: MetricFilterDocument, events: readonly LogEvent[]): FilteredMetric[] {
  return events.flatMap((event) => transformations.flatMap((transformation) => metricOf(transformation, event)));
}

/** None where the value is not a number, or a dimension has no value: CloudWatch leaves those out as well. */
function metricOf(transformation: MetricTransformation, { message, timestamp }: LogEvent): FilteredMetric[] {
  const { metricNamespace: namespace = '', metricName: name = '', metricValue = '', unit = 'None' } = transformation;
  const content = metricValue.startsWith('$') || transformation.dimensions ? contentOf(message) : undefined;
  const value = Number(resolved(metricValue, content));
  const named = Object.entries(transformation.dimensions ?? {}).map(
    ([Name, from]) => [Name, resolved(from, content)] as const,
  );
  const dimensions = named.flatMap(([Name, Value]) => (Value === undefined ? [] : [{ Name, Value: String(Value) }]));
  if (!Number.isFinite(value) || dimensions.length < named.length) return [];
  return [{ namespace, name, unit, value, at: timestamp, dimensions }];
}

function resolved(text: string, content: unknown): unknown {
  if (!text.startsWith('$')) return text === '' ? undefined : text;
  const found = selector(text)(content);
  return typeof found === 'object' ? undefined : found;
}

function contentOf(message: string): unknown {
  const start = message.indexOf('{');
  if (start < 0) return undefined;
  try {
    return JSON.parse(message.slice(start));
  } catch {
    return undefined;
  }
}
