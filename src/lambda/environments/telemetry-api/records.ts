/** Events as the two APIs word them, ready to be sent. */
import type { PlatformEvent } from '../platform-events.ts';
import type { EventType, Subscription } from './subscription.ts';

export type TelemetryEvent =
  | { readonly kind: 'platform'; readonly at: number; readonly event: PlatformEvent }
  /** A line that the function or an extension wrote; `json`: the function logs in JSON. */
  | { readonly kind: 'function' | 'extension'; readonly at: number; readonly line: string; readonly json: boolean };

interface Shown {
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}

/** None, one or two: the older API splits what is one event now. */
export function shownTo(subscription: Subscription, event: TelemetryEvent): string[] {
  if (!subscription.types.includes(event.kind satisfies EventType)) return [];
  const time = new Date(event.at).toISOString();
  if (event.kind !== 'platform') {
    return [JSON.stringify({ time, type: event.kind, record: lineRecord(subscription, event.line, event.json) })];
  }
  const shown: Shown[] =
    subscription.api === 'telemetry' ? [{ time, ...event.event }] : legacy(time, event.event, subscription);
  return shown.map((each) => JSON.stringify(each));
}

/** JSON lines are objects from the second version on. */
function lineRecord({ api, schemaVersion }: Subscription, line: string, json: boolean): unknown {
  if (api === 'logs' || schemaVersion === '2022-07-01' || !json || !line.startsWith('{')) return line;
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** The Logs API knows what happens to an invocation, and nothing of init. */
function legacy(time: string, event: PlatformEvent, { schemaVersion }: Subscription): Shown[] {
  switch (event.type) {
    case 'platform.start': {
      const { requestId, version } = event.record;
      return [{ time, type: event.type, record: { requestId, version } }];
    }
    case 'platform.runtimeDone': {
      const { requestId, status } = event.record;
      const end = { time, type: 'platform.end', record: { requestId } };
      const done = { time, type: event.type, record: { requestId, status } };
      return schemaVersion === '2020-08-15' ? [end] : [end, done];
    }
    case 'platform.report': {
      const { requestId, metrics } = event.record;
      return [{ time, type: event.type, record: { requestId, metrics } }];
    }
    case 'platform.extension':
    case 'platform.logsSubscription':
      return [{ time, type: event.type, record: event.record }];
    default:
      return [];
  }
}
