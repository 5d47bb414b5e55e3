/** Tags of log groups, by the newer operations (an ARN) and by the older ones (a name). */
import type { RequestContext } from '../../../aws/operation.ts';
import type { Tags } from '../../../store/logs/group-settings.ts';
import { existingGroup, invalidParameter, type LogsParts, tooManyTags } from '../parts.ts';
import type { LogsOperation } from './types.ts';

const tagsMax = 50;

export function checkedTags(tags: Tags): Tags {
  if (Object.keys(tags).length > tagsMax) throw tooManyTags(`A log group may have at most ${tagsMax} tags`);
  const reserved = Object.keys(tags).find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw invalidParameter(`Tag keys that begin with aws: are reserved: ${reserved}`);
  return tags;
}

export function tagResource(parts: LogsParts): LogsOperation<'TagResource'> {
  return { handle: ({ resourceArn, tags = {} }, context) => add(parts, context, groupIn(resourceArn), tags) };
}

export function tagLogGroup(parts: LogsParts): LogsOperation<'TagLogGroup'> {
  return { handle: ({ logGroupName = '', tags = {} }, context) => add(parts, context, logGroupName, tags) };
}

export function untagResource(parts: LogsParts): LogsOperation<'UntagResource'> {
  return { handle: ({ resourceArn, tagKeys = [] }, context) => drop(parts, context, groupIn(resourceArn), tagKeys) };
}

export function untagLogGroup(parts: LogsParts): LogsOperation<'UntagLogGroup'> {
  return { handle: ({ logGroupName = '', tags = [] }, context) => drop(parts, context, logGroupName, tags) };
}

export function listTagsForResource(parts: LogsParts): LogsOperation<'ListTagsForResource'> {
  return { handle: ({ resourceArn }, context) => list(parts, context, groupIn(resourceArn)) };
}

export function listTagsLogGroup(parts: LogsParts): LogsOperation<'ListTagsLogGroup'> {
  return { handle: ({ logGroupName = '' }, context) => list(parts, context, logGroupName) };
}

async function add({ logs }: LogsParts, context: RequestContext, group: string, tags: Tags) {
  existingGroup(await logs.read(), context, group);
  await logs.settings.setTags(context, group, checkedTags({ ...logs.settings.tags(context, group), ...tags }));
  return {};
}

async function drop({ logs }: LogsParts, context: RequestContext, group: string, keys: readonly string[]) {
  existingGroup(await logs.read(), context, group);
  const left = Object.entries(logs.settings.tags(context, group)).filter(([key]) => !keys.includes(key));
  await logs.settings.setTags(context, group, Object.fromEntries(left));
  return {};
}

async function list({ logs }: LogsParts, context: RequestContext, group: string) {
  existingGroup(await logs.read(), context, group);
  return { tags: { ...logs.settings.tags(context, group) } };
}

function groupIn(arn = ''): string {
  const group = /^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:([^:*]+)(?::\*)?$/.exec(arn)?.[1];
  if (group === undefined) throw invalidParameter(`Tags are kept for log groups alone, by their ARN: ${arn}`);
  return group;
}
