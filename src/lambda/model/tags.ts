/** What tags a function may carry (reference: lambda-semantics 1.2, 1.12). */
import { invalidParameterValue } from './errors.ts';
import { tagKeyLengthMax, tagsMax, tagValueLengthMax } from './limits.ts';

export type Tags = Readonly<Record<string, string>>;

/** The tags once `added` are there too; throws AWS's error when that is not allowed. */
export function withTags(present: Tags, added: Tags): Tags {
  for (const [key, value] of Object.entries(added)) checkTag(key, value);
  const tags = { ...present, ...added };
  if (Object.keys(tags).length > tagsMax) throw invalidParameterValue('Number of tags exceeds resource tag limit.');
  return tags;
}

export function withoutTags(present: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(present).filter(([key]) => !keys.includes(key)));
}

function checkTag(key: string, value: string): void {
  if (key.length === 0 || key.length > tagKeyLengthMax) {
    throw invalidParameterValue(`Tag keys must have between 1 and ${tagKeyLengthMax} characters: ${key}`);
  }
  if (value.length > tagValueLengthMax) {
    throw invalidParameterValue(`Tag values must have at most ${tagValueLengthMax} characters: ${key}`);
  }
  if (/^aws:/i.test(key)) {
    throw invalidParameterValue(`Tag keys that begin with aws: are reserved for AWS: ${key}`);
  }
}
