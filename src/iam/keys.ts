/** An access key and whom it stands for. */
import type { Grants, Limit } from './grants.ts';
import type { Tags } from './records.ts';

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly accountId: string;
  readonly principalArn: string;
  readonly kind: 'root' | 'user' | 'role';
  /** Documents of a user's own policies. */
  readonly policies?: readonly string[];
  /** Policies that must allow besides. */
  readonly limits?: readonly Limit[];
  readonly tags?: Tags;
  /** Of a user that is kept. */
  readonly id?: string;
  /** Of temporary credentials: milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** What they stand for. */
  readonly session?: Session;
}

export interface Session {
  readonly roleArn: string;
  /** Of the role that was assumed: another of its name is another role. None of a function's, which names its role by ARN. */
  readonly roleId?: string | undefined;
  /** What the session was begun with: it may do nothing that these do not allow. */
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
  readonly tags?: Tags | undefined;
}

/** What a role may do. */
export interface RoleGrants extends Grants {
  readonly id: string;
}

/** Read on every signed request, so it answers from memory. */
export interface KeyStore {
  find(accessKeyId: string): AccessKey | undefined;
  /** The same object as long as nothing has changed; nothing for a role that is not there. */
  role?(arn: string): RoleGrants | undefined;
  /** Of a managed policy. */
  documents?(policyArn: string): readonly string[];
}
