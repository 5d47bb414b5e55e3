/** Every operation of IAM, a row each. */
import type { IamTypes } from '../../../aws/models/iam.types.ts';
import type { OperationTable } from '../../../aws/operation.ts';
import type { IamParts } from '../parts.ts';
import { attachRolePolicy, attachUserPolicy } from './attach-policy.ts';
import { createAccessKey } from './create-access-key.ts';
import { createPolicy } from './create-policy.ts';
import { createPolicyVersion } from './create-policy-version.ts';
import { createRole } from './create-role.ts';
import { createUser } from './create-user.ts';
import { deleteAccessKey } from './delete-access-key.ts';
import { deleteRolePolicy, deleteUserPolicy } from './delete-inline-policy.ts';
import { deletePolicy } from './delete-policy.ts';
import { deletePolicyVersion } from './delete-policy-version.ts';
import { deleteRole } from './delete-role.ts';
import { deleteUser } from './delete-user.ts';
import { detachRolePolicy, detachUserPolicy } from './detach-policy.ts';
import { getRolePolicy, getUserPolicy } from './get-inline-policy.ts';
import { getPolicy } from './get-policy.ts';
import { getPolicyVersion } from './get-policy-version.ts';
import { getRole } from './get-role.ts';
import { getUser } from './get-user.ts';
import { listAccessKeys } from './list-access-keys.ts';
import { listAttachedRolePolicies, listAttachedUserPolicies } from './list-attached-policies.ts';
import { listEntitiesForPolicy } from './list-entities-for-policy.ts';
import { listPolicyTags, listRoleTags, listUserTags } from './list-entity-tags.ts';
import { listRolePolicies, listUserPolicies } from './list-inline-policies.ts';
import { listPolicies } from './list-policies.ts';
import { listPolicyVersions } from './list-policy-versions.ts';
import { listRoles } from './list-roles.ts';
import { listUsers } from './list-users.ts';
import { listGroupsForUser, listInstanceProfilesForRole, listMfaDevices } from './nothing-of-that-kind.ts';
import {
  deleteRolePermissionsBoundary,
  deleteUserPermissionsBoundary,
  putRolePermissionsBoundary,
  putUserPermissionsBoundary,
} from './permissions-boundary.ts';
import { putRolePolicy, putUserPolicy } from './put-inline-policy.ts';
import { setDefaultPolicyVersion } from './set-default-policy-version.ts';
import { tagPolicy, tagRole, tagUser } from './tag-entity.ts';
import { unsupportedOperations } from './unsupported.ts';
import { untagPolicy, untagRole, untagUser } from './untag-entity.ts';
import { updateAccessKey } from './update-access-key.ts';
import { updateAssumeRolePolicy } from './update-assume-role-policy.ts';
import { updateRole } from './update-role.ts';
import { updateRoleDescription } from './update-role-description.ts';

export function createIamTable(parts: IamParts) {
  return {
    ...unsupportedOperations,
    AttachRolePolicy: attachRolePolicy(parts),
    AttachUserPolicy: attachUserPolicy(parts),
    CreateAccessKey: createAccessKey(parts),
    CreatePolicy: createPolicy(parts),
    CreatePolicyVersion: createPolicyVersion(parts),
    CreateRole: createRole(parts),
    CreateUser: createUser(parts),
    DeleteAccessKey: deleteAccessKey(parts),
    DeletePolicy: deletePolicy(parts),
    DeletePolicyVersion: deletePolicyVersion(parts),
    DeleteRole: deleteRole(parts),
    DeleteRolePermissionsBoundary: deleteRolePermissionsBoundary(parts),
    DeleteRolePolicy: deleteRolePolicy(parts),
    DeleteUser: deleteUser(parts),
    DeleteUserPermissionsBoundary: deleteUserPermissionsBoundary(parts),
    DeleteUserPolicy: deleteUserPolicy(parts),
    DetachRolePolicy: detachRolePolicy(parts),
    DetachUserPolicy: detachUserPolicy(parts),
    GetPolicy: getPolicy(parts),
    GetPolicyVersion: getPolicyVersion(parts),
    GetRole: getRole(parts),
    GetRolePolicy: getRolePolicy(parts),
    GetUser: getUser(parts),
    GetUserPolicy: getUserPolicy(parts),
    ListAccessKeys: listAccessKeys(parts),
    ListAttachedRolePolicies: listAttachedRolePolicies(parts),
    ListAttachedUserPolicies: listAttachedUserPolicies(parts),
    ListEntitiesForPolicy: listEntitiesForPolicy(parts),
    ListGroupsForUser: listGroupsForUser(parts),
    ListInstanceProfilesForRole: listInstanceProfilesForRole(parts),
    ListMFADevices: listMfaDevices(),
    ListPolicies: listPolicies(parts),
    ListPolicyTags: listPolicyTags(parts),
    ListPolicyVersions: listPolicyVersions(parts),
    ListRolePolicies: listRolePolicies(parts),
    ListRoleTags: listRoleTags(parts),
    ListRoles: listRoles(parts),
    ListUserPolicies: listUserPolicies(parts),
    ListUserTags: listUserTags(parts),
    ListUsers: listUsers(parts),
    PutRolePermissionsBoundary: putRolePermissionsBoundary(parts),
    PutRolePolicy: putRolePolicy(parts),
    PutUserPermissionsBoundary: putUserPermissionsBoundary(parts),
    PutUserPolicy: putUserPolicy(parts),
    SetDefaultPolicyVersion: setDefaultPolicyVersion(parts),
    TagPolicy: tagPolicy(parts),
    TagRole: tagRole(parts),
    TagUser: tagUser(parts),
    UntagPolicy: untagPolicy(parts),
    UntagRole: untagRole(parts),
    UntagUser: untagUser(parts),
    UpdateAccessKey: updateAccessKey(parts),
    UpdateAssumeRolePolicy: updateAssumeRolePolicy(parts),
    UpdateRole: updateRole(parts),
    UpdateRoleDescription: updateRoleDescription(parts),
  } satisfies OperationTable<IamTypes>;
}
