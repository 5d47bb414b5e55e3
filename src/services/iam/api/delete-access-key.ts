import { keyOf } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function deleteAccessKey(parts: IamParts): IamOperation<'DeleteAccessKey'> {
  return {
    handle({ UserName, AccessKeyId }, context) {
      parts.keys.delete(keyOf(parts, context, { user: UserName, accessKeyId: AccessKeyId }).accessKeyId);
      return {};
    },
  };
}
