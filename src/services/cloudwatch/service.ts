/** CloudWatch as a part of the server: its operations, the alarms' evaluation, and where the platform's metrics go. */
import type { Clock } from '../../base/clock.ts';
import type { FunctionLog } from '../../observe/function-log.ts';
import type { Log } from '../../observe/log.ts';
import type { AlarmStore } from '../../store/metrics/alarm-store.ts';
import { MetricBuffer } from '../../store/metrics/metric-buffer.ts';
import type { MetricStore } from '../../store/metrics/metric-store.ts';
import type { AlarmActions } from './alarms/actions.ts';
import { AlarmEvaluator } from './alarms/evaluator.ts';
import { createCloudwatchTable } from './api/table.ts';
import { withEmbeddedMetrics } from './embedded.ts';

export interface CloudwatchServiceParts {
  readonly metrics: MetricStore;
  readonly alarms: AlarmStore;
  readonly actions: AlarmActions;
  readonly clock: Clock;
  readonly log: Log;
}

export function createCloudwatch(parts: CloudwatchServiceParts) {
  const { metrics, clock, log } = parts;
  const evaluator = new AlarmEvaluator(parts);
  const lambda = new MetricBuffer('AWS/Lambda', { metrics, clock, log });
  return {
    table: createCloudwatchTable({ ...parts, evaluator }),
    /** Takes the engine's numbers. */
    lambda,
    /** A function's log whose embedded metrics count. */
    watched: (functionLog: FunctionLog) => withEmbeddedMetrics({ log: functionLog, metrics, clock, serverLog: log }),
    start: () => evaluator.start(),
    async stop(): Promise<void> {
      await evaluator.stop();
      await lambda.flush();
    },
  };
}

export type Cloudwatch = ReturnType<typeof createCloudwatch>;
