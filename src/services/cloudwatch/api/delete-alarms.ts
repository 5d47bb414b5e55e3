import { alarmNotFound, type CloudwatchParts } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

/** A name that no alarm has is an error only when it is the only one, as on AWS. */
export function deleteAlarms({ alarms, clock }: CloudwatchParts): CloudwatchOperation<'DeleteAlarms'> {
  return {
    async handle({ AlarmNames = [] }, { accountId, region }) {
      const [only = ''] = AlarmNames;
      if (AlarmNames.length === 1 && alarms.get({ accountId, region, name: only }) === undefined) {
        throw alarmNotFound(`The alarm ${only} does not exist.`);
      }
      for (const name of AlarmNames) {
        const alarm = alarms.get({ accountId, region, name });
        if (alarm === undefined) continue;
        const data = JSON.stringify({ version: '1.0', type: 'Delete', configuration: alarm.configuration });
        const summary = `Alarm "${name}" deleted`;
        await alarms.delete(alarm, { name, at: clock.now(), type: 'ConfigurationUpdate', summary, data });
      }
      return {};
    },
  };
}
