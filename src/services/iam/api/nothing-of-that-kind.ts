/** Lists that are always empty here, which Terraform and others read before they delete a role or a user. */
import { roleNamed, userNamed } from '../entities.ts';
import type { IamParts } from '../parts.ts';
import type { IamOperation } from './types.ts';

export function listInstanceProfilesForRole(parts: IamParts): IamOperation<'ListInstanceProfilesForRole'> {
  return {
    handle({ RoleName }, context) {
      roleNamed(parts, context, RoleName);
      return { InstanceProfiles: [], IsTruncated: false };
    },
  };
}

export function listGroupsForUser(parts: IamParts): IamOperation<'ListGroupsForUser'> {
  return {
    handle({ UserName }, context) {
      userNamed(parts, context, UserName);
      return { Groups: [], IsTruncated: false };
    },
  };
}

export function listMfaDevices(): IamOperation<'ListMFADevices'> {
  return { handle: () => ({ MFADevices: [], IsTruncated: false }) };
}
