/** Roles, users and policies by their names, or IAM's error. */
import type { RequestContext } from '../../aws/operation.ts';
import { awsPolicy } from '../../iam/managed/policies.ts';
import {
  entityArn,
  type Holder,
  type ManagedPolicy,
  type PolicyVersion,
  parsedEntityArn,
  type RecordKind,
  type RecordKinds,
  type Role,
  type User,
} from '../../iam/records.ts';
import { alreadyExists, limitExceeded, noSuchEntity, validationError } from './errors.ts';
import type { IamParts, KeptKey } from './parts.ts';

type Parts = Pick<IamParts, 'records'>;
type Context = Pick<RequestContext, 'accountId'>;

export function roleNamed({ records }: Parts, { accountId }: Context, name = ''): Role {
  const role = records.get('role', accountId, name);
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

export function userNamed({ records }: Parts, { accountId }: Context, name = ''): User {
  const user = records.get('user', accountId, name);
  if (user === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

export type HolderKind = 'role' | 'user';

/** What roles and users have in common, and how one of them is changed. */
export interface Held {
  readonly holder: Holder;
  readonly kind: HolderKind;
  put(changed: Partial<Holder>): void;
}

export function held(parts: Parts, context: Context, kind: HolderKind, name: string | undefined): Held {
  const { records } = parts;
  const { accountId } = context;
  if (kind === 'user') {
    const holder = userNamed(parts, context, name);
    return { kind, holder, put: (changed) => records.put('user', accountId, { ...holder, ...changed }) };
  }
  const holder = roleNamed(parts, context, name);
  return { kind, holder, put: (changed) => records.put('role', accountId, { ...holder, ...changed }) };
}

const entitiesMax = { role: 5_000, user: 5_000, policy: 1_500 } as const;
const quotaNames = { role: 'RolesPerAccount', user: 'UsersPerAccount', policy: 'PoliciesPerAccount' } as const;

/** Names differ in more than their case. */
export function createEntity<K extends RecordKind>(
  { records }: Parts,
  { accountId }: Context,
  kind: K,
  record: RecordKinds[K],
): void {
  if (records.get(kind, accountId, record.name) !== undefined) {
    const what = kind === 'policy' ? 'A policy called' : `${kind === 'role' ? 'Role' : 'User'} with name`;
    throw alreadyExists(`${what} ${record.name}`);
  }
  if (records.count(kind, accountId) >= entitiesMax[kind]) {
    throw limitExceeded(`Cannot exceed quota for ${quotaNames[kind]}: ${entitiesMax[kind]}`);
  }
  records.put(kind, accountId, record);
}

/** Of the account's own; AWS's cannot be changed. */
export function policyAt({ records }: Parts, { accountId }: Context, arn = ''): ManagedPolicy {
  const named = checkedPolicyArn(arn);
  const policy = named.accountId === accountId ? records.get('policy', accountId, named.name) : undefined;
  if (policy === undefined || entityArn('policy', accountId, policy) !== arn) throw noSuchPolicy(arn);
  return policy;
}

/** Throws unless it is there: AWS's, or the account's own. */
export function checkPolicy(parts: Parts, context: Context, arn = ''): void {
  checkedPolicyArn(arn);
  if (awsPolicy(arn) === undefined) policyAt(parts, context, arn);
}

function checkedPolicyArn(arn: string) {
  const named = parsedEntityArn(arn);
  if (named?.kind !== 'policy') throw validationError(`ARN ${arn} is not valid.`);
  return named;
}

/** AWS's policies that this server has no document of are missing in the same words, with the reason behind them. */
function noSuchPolicy(arn: string) {
  const what = `Policy ${arn} does not exist or is not attachable.`;
  const known = parsedEntityArn(arn)?.accountId === 'aws';
  return noSuchEntity(known ? `${what} This server knows the policies that ListPolicies --scope AWS shows.` : what);
}

/** The name of the user who calls; nothing for the root of an account. */
export function callersUser({ principal }: Pick<RequestContext, 'principal'>): string | undefined {
  if (principal.kind === 'root') return undefined;
  if (principal.kind === 'user') return parsedEntityArn(principal.arn)?.name;
  throw validationError('Must specify userName when calling with non-User credentials');
}

/** Of a user by its name, or of the root of the account. */
export function keysOf({ keys, records }: IamParts, { accountId }: Context, name: string | undefined): KeptKey[] {
  const user = name === undefined ? undefined : records.get('user', accountId, name);
  const arn = user === undefined ? `arn:aws:iam::${accountId}:root` : entityArn('user', accountId, user);
  return keys.list().filter(({ principalArn }) => principalArn === arn);
}

export function keyOf(
  parts: IamParts,
  context: RequestContext,
  { user, accessKeyId = '' }: { readonly user: string | undefined; readonly accessKeyId: string | undefined },
): KeptKey {
  const name = user ?? callersUser(context);
  if (name !== undefined) userNamed(parts, context, name);
  const key = keysOf(parts, context, name).find((each) => each.accessKeyId === accessKeyId);
  if (key === undefined) throw noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);
  return key;
}

export function versionOf({ versions }: Pick<ManagedPolicy, 'versions'>, arn: string, id: string): PolicyVersion {
  const version = versions.find(({ number }) => `v${number}` === id);
  if (version === undefined) {
    throw noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
  }
  return version;
}
