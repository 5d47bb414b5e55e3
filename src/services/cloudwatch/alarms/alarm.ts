/** What an alarm is, in AWS's shape, and how it changes. */
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Alarm, AlarmKey, AlarmState, HistoryItem } from '../../../store/metrics/alarm-store.ts';

export type MetricAlarmRecord = Alarm;

export function alarmArn({ accountId, region, name }: AlarmKey): string {
  return `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
}

export function renderAlarm(alarm: MetricAlarmRecord): MetricAlarm {
  const { configuration, state, reason, reasonData } = alarm;
  return {
    ...configuration,
    ActionsEnabled: configuration.ActionsEnabled ?? true,
    OKActions: configuration.OKActions ?? [],
    AlarmActions: configuration.AlarmActions ?? [],
    InsufficientDataActions: configuration.InsufficientDataActions ?? [],
    Dimensions: configuration.Dimensions ?? [],
    AlarmArn: alarmArn(alarm),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    StateValue: state,
    StateReason: reason,
    StateReasonData: reasonData,
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: new Date(alarm.stateChangedAt),
  };
}

export interface StateChange {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
}

export function changed(alarm: MetricAlarmRecord, change: StateChange, now: number): MetricAlarmRecord {
  const moved = alarm.state !== change.state;
  return {
    ...alarm,
    reasonData: undefined,
    ...change,
    stateUpdatedAt: now,
    stateChangedAt: moved ? now : alarm.stateChangedAt,
  };
}

export function stateHistory(before: MetricAlarmRecord, after: MetricAlarmRecord): HistoryItem {
  const of = ({ state, reason, reasonData }: MetricAlarmRecord) => ({
    stateValue: state,
    stateReason: reason,
    stateReasonData: reasonData === undefined ? undefined : JSON.parse(reasonData),
  });
  return {
    name: after.name,
    at: after.stateUpdatedAt,
    type: 'StateUpdate',
    summary: `Alarm updated from ${before.state} to ${after.state}`,
    data: JSON.stringify({ version: '1.0', oldState: of(before), newState: of(after) }),
  };
}

/** What is done when the alarm comes into its state. */
export function actionsOf({ configuration, state }: MetricAlarmRecord): readonly string[] {
  if (configuration.ActionsEnabled === false) return [];
  if (state === 'ALARM') return configuration.AlarmActions ?? [];
  if (state === 'OK') return configuration.OKActions ?? [];
  return configuration.InsufficientDataActions ?? [];
}
