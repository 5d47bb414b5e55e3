import { keyOf } from '../entities.ts';
import { validationError } from '../errors.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

/** An inactive key lets nobody in until it is active again. */
export function updateAccessKey(parts: IamParts): IamOperation<'UpdateAccessKey'> {
  return {
    handle({ UserName, AccessKeyId, Status }, context) {
      if (Status !== 'Active' && Status !== 'Inactive') {
        throw validationError(`Cannot set the status of a key to ${Status}: expected Active or Inactive`);
      }
      const { accessKeyId } = keyOf(parts, context, { user: UserName, accessKeyId: AccessKeyId });
      parts.keys.setActive(accessKeyId, Status === 'Active');
      return {};
    },
  };
}
