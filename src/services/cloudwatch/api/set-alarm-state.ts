import type { StateChange } from '../alarms/alarm.ts';
import { alarmNotFound, type CloudwatchParts, invalidValue, type MovesAlarms } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

/** For a while: the next evaluation puts the alarm where its metric says. Its actions are done, as on AWS. */
export function setAlarmState({
  alarms,
  evaluator,
}: CloudwatchParts & MovesAlarms): CloudwatchOperation<'SetAlarmState'> {
  return {
    async handle({ AlarmName: name = '', StateValue, StateReason: reason = '', StateReasonData: reasonData }, context) {
      const alarm = alarms.get({ accountId: context.accountId, region: context.region, name });
      if (alarm === undefined) throw alarmNotFound(`The alarm ${name} does not exist.`);
      if (StateValue === undefined) throw invalidValue('The parameter StateValue is required.');
      checkJson(reasonData);
      const change: StateChange = { state: StateValue, reason, reasonData };
      await evaluator.move(alarm, change);
      return {};
    },
  };
}

function checkJson(text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    throw invalidValue('The value of StateReasonData must be JSON');
  }
}
