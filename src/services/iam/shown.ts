/** What is kept, in the shapes in which IAM answers. */
import type { AttachedPermissionsBoundary, Policy, PolicyVersion as ShownVersion } from '@aws-sdk/client-iam';
import type { AwsPolicy } from '../../iam/managed/policies.ts';
import { awsPolicyCreatedAt } from '../../iam/managed/policies.ts';
import { entityArn, type ManagedPolicy, type PolicyVersion, type Role, type User } from '../../iam/records.ts';
import { encodedDocument } from './documents.ts';
import { shownTags } from './tags.ts';
import type { Uses } from './uses.ts';

/** As lists show it: without tags, boundary and last use. */
export function listedRole(accountId: string, role: Role) {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: entityArn('role', accountId, role),
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodedDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.sessionSecondsMax,
  };
}

export function shownRole(accountId: string, role: Role) {
  return {
    ...listedRole(accountId, role),
    PermissionsBoundary: shownBoundary(role.boundary),
    Tags: shownTags(role.tags),
  };
}

export function listedUser(accountId: string, user: User) {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: entityArn('user', accountId, user),
    CreateDate: new Date(user.createdAt),
  };
}

export function shownUser(accountId: string, user: User) {
  return {
    ...listedUser(accountId, user),
    PermissionsBoundary: shownBoundary(user.boundary),
    Tags: shownTags(user.tags),
  };
}

function shownBoundary(arn: string | undefined): AttachedPermissionsBoundary | undefined {
  return arn === undefined
    ? undefined
    : { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn };
}

export function listedPolicy(accountId: string, policy: ManagedPolicy, uses: Uses): Policy {
  const arn = entityArn('policy', accountId, policy);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: `v${policy.defaultVersion}`,
    AttachmentCount: uses.attached.get(arn) ?? 0,
    PermissionsBoundaryUsageCount: uses.bounding.get(arn) ?? 0,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/** Ids of AWS's own policies are made of their names: they stay what they are without being kept. */
export function listedAwsPolicy({ arn, name, path }: AwsPolicy, uses: Uses): Policy {
  const id = name.toUpperCase().replace(/[^A-Z2-7]/g, '');
  return {
    PolicyName: name,
    PolicyId: `ANPA${id.padEnd(17, 'A').slice(0, 17)}`,
    Arn: arn,
    Path: path,
    DefaultVersionId: 'v1',
    AttachmentCount: uses.attached.get(arn) ?? 0,
    PermissionsBoundaryUsageCount: uses.bounding.get(arn) ?? 0,
    IsAttachable: true,
    CreateDate: new Date(awsPolicyCreatedAt),
    UpdateDate: new Date(awsPolicyCreatedAt),
  };
}

/** Lists leave the document out. */
export function listedVersion({ number, createdAt }: PolicyVersion, defaultVersion: number): ShownVersion {
  return {
    VersionId: `v${number}`,
    IsDefaultVersion: number === defaultVersion,
    CreateDate: new Date(createdAt),
  };
}

export function shownVersion(version: PolicyVersion, defaultVersion: number): ShownVersion {
  return { ...listedVersion(version, defaultVersion), Document: encodedDocument(version.document) };
}
