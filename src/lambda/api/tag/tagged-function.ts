import { invalidParameterValue } from '../../model/errors.ts';
import { namedFunction } from '../../model/names.ts';
import { change, checkChangeable, existingFunction } from '../function/record.ts';
import type { TagTarget } from './tagged.ts';

export const taggedFunction: TagTarget = (parts, arn, context) => {
  const { key, qualifier } = namedFunction(arn, context);
  if (qualifier !== undefined) {
    throw invalidParameterValue(
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    );
  }
  const record = existingFunction(parts.functions, key);
  return {
    tags: record.tags,
    async retag(tags) {
      checkChangeable(record, undefined);
      await change(parts, record, { kind: 'tag', revisionId: parts.random.uuid(), tags });
    },
  };
};
