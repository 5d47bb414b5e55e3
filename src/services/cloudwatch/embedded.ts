/** Metrics that functions write into their log: CloudWatch's embedded metric format. */
import type { Clock } from '../../base/clock.ts';
import type { FunctionLog, LogEvent } from '../../observe/function-log.ts';
import type { Log } from '../../observe/log.ts';
import { dimensionsOf, type Measured, type MetricStore } from '../../store/metrics/metric-store.ts';

export interface EmbeddedParts {
  readonly log: FunctionLog;
  readonly metrics: MetricStore;
  readonly clock: Clock;
  /** The server's own. */
  readonly serverLog: Log;
}

const mark = '"CloudWatchMetrics"';
const directivesMax = 100;
const metricsMax = 100;
const dimensionsMax = 30;

/** Appends as before, and keeps the metrics of the lines that have some. */
export function withEmbeddedMetrics({ log, metrics, clock, serverLog }: EmbeddedParts): FunctionLog {
  return {
    append(target, events) {
      log.append(target, events);
      // Most lines are not of the format: a look for the word costs next to nothing.
      if (!events.some(({ message }) => message.includes(mark))) return;
      const found = events.flatMap((event) => measuredIn(event, clock.now()));
      if (found.length === 0) return;
      metrics.put(target, found).catch((error: unknown) => {
        serverLog.error('Cannot keep embedded metrics', { group: target.group, why: String(error) });
      });
    },
  };
}

/** None when the line is not of the format; CloudWatch says nothing of that either. */
export function measuredIn({ message, timestamp }: LogEvent, now: number): Measured[] {
  const start = message.includes(mark) ? message.indexOf('{') : -1;
  if (start < 0) return [];
  const line = parsed(message.slice(start));
  const { CloudWatchMetrics: directives, Timestamp } = record(line._aws);
  const at = typeof Timestamp === 'number' && Math.abs(Timestamp - now) < 14 * 86_400_000 ? Timestamp : timestamp;
  const all = Array.isArray(directives) ? directives.slice(0, directivesMax) : [];
  return all.flatMap((directive) => ofDirective(record(directive), line, at));
}

function ofDirective(directive: Record<string, unknown>, line: Record<string, unknown>, at: number): Measured[] {
  const { Namespace: namespace, Metrics, Dimensions } = directive;
  if (typeof namespace !== 'string' || namespace === '' || !Array.isArray(Metrics)) return [];
  const sets: unknown[] = Array.isArray(Dimensions) && Dimensions.length > 0 ? Dimensions : [[]];
  return Metrics.slice(0, metricsMax).flatMap((each: unknown) => {
    const { Name: name, Unit: unit = 'None', StorageResolution } = record(each);
    if (typeof name !== 'string' || typeof unit !== 'string') return [];
    const values = [line[name]].flat().filter((value) => typeof value === 'number' && Number.isFinite(value));
    if (values.length === 0) return [];
    const measured = values.slice(0, metricsMax).map((value) => ({ value: Number(value), times: 1 }));
    const highResolution = StorageResolution === 1;
    return sets.slice(0, dimensionsMax).map((set) => {
      return { namespace, name, unit, at, dimensions: dimensionsIn(set, line), values: measured, highResolution };
    });
  });
}

function dimensionsIn(names: unknown, line: Record<string, unknown>): Measured['dimensions'] {
  const known = (Array.isArray(names) ? names : []).filter(
    (name) => typeof name === 'string' && Object.hasOwn(line, name),
  );
  return dimensionsOf(known.slice(0, dimensionsMax).map((Name: string) => ({ Name, Value: String(line[Name]) })));
}

function parsed(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}; // checked just before
}
