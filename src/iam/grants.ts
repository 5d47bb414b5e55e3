/** What the policies of a user or a role come to: documents, and documents that bound them. */
import { managedDocument } from './managed/policies.ts';
import { type Holder, type IamRecords, parsedEntityArn, type Role, type Tags } from './records.ts';

export interface Grants {
  /** One of these must allow. */
  readonly policies: readonly string[];
  /** And one of each of these. */
  readonly limits: readonly Limit[];
  /** Conditions know them as `aws:PrincipalTag/…`. */
  readonly tags: Tags;
}

export interface Limit {
  readonly by: 'permissions boundary' | 'session policy';
  readonly policies: readonly string[];
}

type Reader = Pick<IamRecords, 'get'>;

export function grantsOf(records: Reader, { inline, attached, boundary, tags }: Holder): Grants {
  const policies = [...Object.values(inline), ...attached.flatMap((arn) => documentsOf(records, arn))];
  if (boundary === undefined) return { policies, limits: [], tags };
  return { policies, limits: [{ by: 'permissions boundary', policies: documentsOf(records, boundary) }], tags };
}

/** A managed policy's document: of its default version. Nothing of a policy that is not there. */
export function documentsOf(records: Reader, arn: string): string[] {
  const named = parsedEntityArn(arn);
  if (named?.kind !== 'policy') return [];
  if (named.accountId === 'aws') return [managedDocument(arn)].filter((text) => text !== undefined);
  const policy = records.get('policy', named.accountId, named.name);
  if (policy?.path !== named.path) return [];
  return policy.versions.filter(({ number }) => number === policy.defaultVersion).map(({ document }) => document);
}

/** A role by its ARN, path included. */
export function roleOf(records: Reader, arn: string): Role | undefined {
  const named = parsedEntityArn(arn);
  if (named?.kind !== 'role') return undefined;
  const role = records.get('role', named.accountId, named.name);
  return role?.path === named.path && role.name === named.name ? role : undefined;
}
