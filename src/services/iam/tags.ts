import type { Tag } from '@aws-sdk/client-iam';
import type { Tags } from '../../iam/records.ts';
import { invalidInput, limitExceeded, validationError } from './errors.ts';

const tagsMax = 50;

/** Keys differ in more than their case; a value that is given again takes the place of the one before. */
export function withTags(before: Tags, added: readonly Tag[] = []): Tags {
  const keys = added.map(({ Key = '' }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (keys.some((key) => key.startsWith('aws:'))) {
    throw validationError('Tag keys that begin with aws: are reserved for system use');
  }
  const kept = Object.entries(before).filter(([key]) => !keys.includes(key.toLowerCase()));
  const tags = Object.fromEntries([...kept, ...added.map(({ Key = '', Value = '' }) => [Key, Value] as const)]);
  if (Object.keys(tags).length > tagsMax) throw limitExceeded(`Cannot exceed quota for TagsPerResource: ${tagsMax}`);
  return tags;
}

export function withoutTags(before: Tags, keys: readonly string[] = []): Tags {
  const gone = keys.map((key) => key.toLowerCase());
  return Object.fromEntries(Object.entries(before).filter(([key]) => !gone.includes(key.toLowerCase())));
}

/** Nothing where there is none: IAM leaves the list out then. */
export function shownTags(tags: Tags): Tag[] | undefined {
  const list = listedTags(tags);
  return list.length === 0 ? undefined : list;
}

export function listedTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
