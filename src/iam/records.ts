/** What IAM keeps of an account, as data. Names differ in more than their case; documents are texts that were checked. */

export type Tags = Readonly<Record<string, string>>;

interface Entity {
  readonly name: string;
  /** `/`, or `/division/team/`. */
  readonly path: string;
  /** `AROA…`, `AIDA…`, `ANPA…`: never of two, even when one has the name of another that is gone. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly tags: Tags;
}

/** Roles and users: who may do something by policies. */
export interface Holder extends Entity {
  /** Documents by the policy's name. */
  readonly inline: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  /** The ARN of the managed policy that bounds what the others may give. */
  readonly boundary?: string | undefined;
}

export interface Role extends Holder {
  /** Who may assume it. */
  readonly trust: string;
  readonly description?: string | undefined;
  readonly sessionSecondsMax: number;
}

export type User = Holder;

export interface PolicyVersion {
  /** The digits behind `v`. */
  readonly number: number;
  readonly document: string;
  readonly createdAt: number;
}

/** A managed policy of the account's own. */
export interface ManagedPolicy extends Entity {
  readonly description?: string | undefined;
  readonly updatedAt: number;
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersion: number;
  /** Numbers are not used again. */
  readonly lastVersion: number;
}

export interface RecordKinds {
  readonly role: Role;
  readonly user: User;
  readonly policy: ManagedPolicy;
}

export type RecordKind = keyof RecordKinds;

export function entityArn(kind: RecordKind, accountId: string, { path, name }: Pick<Entity, 'path' | 'name'>): string {
  return `arn:aws:iam::${accountId}:${kind}${path}${name}`;
}

export interface EntityName {
  readonly kind: RecordKind;
  readonly accountId: string;
  readonly path: string;
  readonly name: string;
}

/** Nothing for what is no ARN of a role, a user or a policy. */
export function parsedEntityArn(arn: string): EntityName | undefined {
  const found = /^arn:aws[a-zA-Z-]*:iam::(\d{12}|aws):(role|user|policy)(\/(?:[^:]*\/)?)([^/:]+)$/.exec(arn);
  if (found === null) return undefined;
  const [, accountId = '', kind = '', path = '', name = ''] = found;
  if (accountId === 'aws' && kind !== 'policy') return undefined;
  return { kind: kind as RecordKind, accountId, path, name }; // one of the three that the expression knows
}

/** Where they are kept. Everything is at once on the disk; what another process writes counts within a fifth of a second. */
export interface IamRecords {
  /** The same object as long as nothing has changed. */
  get<K extends RecordKind>(kind: K, accountId: string, name: string): RecordKinds[K] | undefined;
  /** By name. */
  all<K extends RecordKind>(kind: K, accountId: string): RecordKinds[K][];
  count(kind: RecordKind, accountId: string): number;
  /** Unless there is one of that name, which then stays; answers the one that is there. */
  add<K extends RecordKind>(kind: K, accountId: string, record: RecordKinds[K]): RecordKinds[K];
  /** In place of one of that name. */
  put<K extends RecordKind>(kind: K, accountId: string, record: RecordKinds[K]): void;
  delete(kind: RecordKind, accountId: string, name: string): void;
}
