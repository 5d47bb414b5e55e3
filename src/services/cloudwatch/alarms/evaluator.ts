/** Looks at every alarm's metrics every few seconds, moves it to the state that they call for, and does its actions. */
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../observe/log.ts';
import type { AlarmConfiguration, AlarmStore } from '../../../store/metrics/alarm-store.ts';
import type { MetricStore } from '../../../store/metrics/metric-store.ts';
import { Queries } from '../queries.ts';
import type { AlarmActions } from './actions.ts';
import { actionsOf, alarmArn, changed, type MetricAlarmRecord, type StateChange, stateHistory } from './alarm.ts';
import { judge } from './judge.ts';
import { messageOf } from './message.ts';

export interface EvaluatorParts {
  readonly metrics: MetricStore;
  readonly alarms: AlarmStore;
  readonly actions: AlarmActions;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 5_000;
/** What a function or a client measured in a period may arrive a little after its end. */
const lateSeconds = 2;
const expireEveryMs = 3_600_000;

export class AlarmEvaluator {
  readonly #parts: EvaluatorParts;
  #cancel: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #expiredAt = 0;

  constructor(parts: EvaluatorParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#stopped) return;
    this.#cancel = this.#parts.clock.after(everyMs, () => {
      this.#running = this.look().finally(() => this.start());
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  /** One round; what goes wrong with one alarm does not keep the others. */
  async look(): Promise<void> {
    for (const alarm of [...this.#parts.alarms.all()]) {
      await this.#evaluate(alarm).catch((error: unknown) => this.#failed('Cannot evaluate an alarm', alarm, error));
    }
    await this.#expire().catch((error: unknown) =>
      this.#parts.log.error('Cannot expire metrics', { error: String(error) }),
    );
  }

  /** Moves an alarm and does what is to be done then; SetAlarmState comes here as well. */
  async move(alarm: MetricAlarmRecord, change: StateChange): Promise<void> {
    const { alarms, clock } = this.#parts;
    const after = changed(alarm, change, clock.now());
    const moved = after.state !== alarm.state;
    await alarms.put(after, moved ? [stateHistory(alarm, after)] : []);
    if (!moved) return;
    for (const arn of actionsOf(after)) await this.#act(arn, alarm, after);
  }

  async #evaluate(alarm: MetricAlarmRecord): Promise<void> {
    const { configuration } = alarm;
    const now = Math.floor(this.#parts.clock.now() / 1000);
    const { values, periodSeconds, to } = this.#values(alarm, now);
    const state = judge({
      values,
      threshold: configuration.Threshold ?? 0,
      comparison: configuration.ComparisonOperator ?? 'GreaterThanThreshold',
      datapointsToAlarm: configuration.DatapointsToAlarm ?? configuration.EvaluationPeriods ?? 1,
      missing: configuration.TreatMissingData,
      current: alarm.state,
    });
    // Another may have changed or deleted it while its turn came.
    if (state === undefined || this.#parts.alarms.get(alarm) !== alarm) return;
    const known = values.filter((value) => value !== undefined);
    const reasonData = JSON.stringify({
      version: '1.0',
      queryDate: new Date(now * 1000).toISOString(),
      startDate: new Date((to - periodSeconds * values.length) * 1000).toISOString(),
      period: periodSeconds,
      recentDatapoints: known,
      threshold: configuration.Threshold,
    });
    await this.move(alarm, { state, reason: reasonOf(configuration, known), reasonData });
  }

  #values({ configuration, accountId, region }: MetricAlarmRecord, now: number) {
    const queries: readonly MetricDataQuery[] = configuration.Metrics ?? [singleQuery(configuration)];
    const watched = queries.find(({ ReturnData }) => ReturnData !== false) ?? queries[0];
    const periods = queries.flatMap(({ Period, MetricStat }) => Period ?? MetricStat?.Period ?? []);
    const periodSeconds = Math.max(1, ...periods);
    const to = Math.floor((now - lateSeconds) / periodSeconds) * periodSeconds;
    const from = to - periodSeconds * (configuration.EvaluationPeriods ?? 1);
    const series = new Queries(this.#parts.metrics, { accountId, region }, { from, to }, queries).series(
      watched?.Id ?? '',
    );
    const count = (to - from) / periodSeconds;
    const values = Array.from({ length: count }, (_, index) => series.get(from + index * periodSeconds));
    return { values, periodSeconds, to };
  }

  async #act(arn: string, before: MetricAlarmRecord, after: MetricAlarmRecord): Promise<void> {
    const { actions, alarms, clock } = this.#parts;
    const outcome = await actions.perform(arn, messageOf(before, after), { ...after, arn: alarmArn(after) }).then(
      () => 'Succeeded',
      (error: unknown) => `Failed: ${error instanceof Error ? error.message : String(error)}`,
    );
    if (outcome !== 'Succeeded') this.#failed(`Cannot do an alarm's action`, after, outcome);
    const summary = outcome === 'Succeeded' ? `Successfully executed action ${arn}` : `Failed to execute action ${arn}`;
    const data = JSON.stringify({
      actionState: outcome,
      notificationResource: arn,
      stateUpdateTimestamp: after.stateUpdatedAt,
    });
    await alarms.remember(after, { name: after.name, at: clock.now(), type: 'Action', summary, data });
  }

  async #expire(): Promise<void> {
    const { clock, metrics, alarms } = this.#parts;
    if (clock.now() - this.#expiredAt < expireEveryMs) return;
    this.#expiredAt = clock.now();
    await metrics.expire(clock.now());
    await alarms.expire(clock.now());
  }

  #failed(what: string, alarm: MetricAlarmRecord, error: unknown): void {
    this.#parts.log.warn(what, { alarm: alarmArn(alarm), why: error instanceof Error ? error.message : String(error) });
  }
}

function singleQuery({
  Namespace,
  MetricName,
  Dimensions,
  Period = 60,
  Statistic,
  ExtendedStatistic,
  Unit,
}: AlarmConfiguration) {
  const Stat = ExtendedStatistic ?? Statistic ?? 'Average';
  return {
    Id: 'm1',
    ReturnData: true,
    MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit },
  };
}

function reasonOf({ Threshold = 0, ComparisonOperator }: AlarmConfiguration, known: readonly number[]): string {
  if (known.length === 0) return 'Threshold Crossed: no datapoints were received for the evaluated periods.';
  const words = String(ComparisonOperator)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/ threshold$/, ' the threshold');
  const many = known.length === 1 ? '1 datapoint' : `${known.length} datapoints`;
  return `Threshold Crossed: ${many} [${known.join(', ')}] evaluated against: ${words} (${Threshold}).`;
}
