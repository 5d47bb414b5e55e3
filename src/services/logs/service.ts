/** CloudWatch Logs as a part of the server: its operations, what watches the events as they come, and retention. */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import type { LogStore } from '../../store/logs/log-store.ts';
import { createLogsTable } from './api/table.ts';
import type { SubscriptionDestinations } from './parts.ts';
import { Retention } from './retention.ts';
import { LogWatch, type WatchParts } from './watch.ts';

export interface LogsServiceParts extends Pick<WatchParts, 'measure'> {
  readonly logs: LogStore;
  readonly destinations: SubscriptionDestinations;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export function createLogs(parts: LogsServiceParts) {
  const { logs, destinations, clock, random, log, measure } = parts;
  const watch = new LogWatch({ settings: logs.settings, clock, log, measure, deliver: destinations.deliver });
  logs.watched = (target, events) => watch.saw(target, events);
  const retention = new Retention({ logs, clock, log });
  return {
    table: createLogsTable({ logs, clock, random, watch, destinations }),
    start: () => retention.start(),
    stop: () => retention.stop(),
  };
}

export type Logs = ReturnType<typeof createLogs>;
