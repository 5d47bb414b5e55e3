import type { CloudwatchParts } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

export function enableAlarmActions(parts: CloudwatchParts): CloudwatchOperation<'EnableAlarmActions'> {
  return switching(parts, true);
}

export function disableAlarmActions(parts: CloudwatchParts): CloudwatchOperation<'DisableAlarmActions'> {
  return switching(parts, false);
}

/** Names that no alarm has are passed over. */
function switching(
  { alarms, clock }: CloudwatchParts,
  ActionsEnabled: boolean,
): CloudwatchOperation<'EnableAlarmActions'> {
  return {
    async handle({ AlarmNames = [] }, { accountId, region }) {
      for (const name of AlarmNames) {
        const alarm = alarms.get({ accountId, region, name });
        if (alarm === undefined) continue;
        const summary = `Alarm "${name}" ${ActionsEnabled ? 'enabled' : 'disabled'} its actions`;
        const item = {
          name,
          at: clock.now(),
          type: 'ConfigurationUpdate',
          summary,
          data: '{"version":"1.0"}',
        } as const;
        await alarms.put({ ...alarm, configuration: { ...alarm.configuration, ActionsEnabled } }, [item]);
      }
      return {};
    },
  };
}
