/** Tags of alarms; nothing else here has any. */
import type { MetricAlarmRecord } from '../alarms/alarm.ts';
import { type CloudwatchParts, invalidValue, resourceNotFound } from '../parts.ts';
import type { CloudwatchOperation } from './types.ts';

const tagsMax = 50;

export function listTagsForResource(parts: CloudwatchParts): CloudwatchOperation<'ListTagsForResource'> {
  return {
    handle({ ResourceARN }) {
      const { tags } = taggedAlarm(parts, ResourceARN);
      return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}

export function tagResource(parts: CloudwatchParts): CloudwatchOperation<'TagResource'> {
  return {
    async handle({ ResourceARN, Tags = [] }) {
      const alarm = taggedAlarm(parts, ResourceARN);
      const tags = { ...alarm.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? '', Value ?? ''])) };
      if (Object.keys(tags).length > tagsMax) throw invalidValue(`A resource may have at most ${tagsMax} tags`);
      await parts.alarms.put({ ...alarm, tags }, []);
      return {};
    },
  };
}

export function untagResource(parts: CloudwatchParts): CloudwatchOperation<'UntagResource'> {
  return {
    async handle({ ResourceARN, TagKeys = [] }) {
      const alarm = taggedAlarm(parts, ResourceARN);
      const tags = Object.fromEntries(Object.entries(alarm.tags).filter(([key]) => !TagKeys.includes(key)));
      await parts.alarms.put({ ...alarm, tags }, []);
      return {};
    },
  };
}

function taggedAlarm({ alarms }: CloudwatchParts, arn = ''): MetricAlarmRecord {
  const {
    region = '',
    accountId = '',
    name = '',
  } = /^arn:aws[a-z-]*:cloudwatch:(?<region>[a-z0-9-]+):(?<accountId>\d{12}):alarm:(?<name>.+)$/.exec(arn)?.groups ??
  {};
  const alarm = alarms.get({ accountId, region, name });
  if (alarm === undefined) throw resourceNotFound(`The resource ${arn} does not exist.`);
  return alarm;
}
