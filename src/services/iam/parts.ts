import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { IamRecords } from '../../iam/records.ts';

export interface KeptKey {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly principalArn: string;
  readonly createdAt: number;
  readonly active: boolean;
}

/** Access keys, as `lambent keys` makes them too. */
export interface KeyRing {
  list(): readonly KeptKey[];
  create(key: { readonly accountId: string; readonly user?: string; readonly createdAt: number }): {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  setActive(accessKeyId: string, active: boolean): void;
  delete(accessKeyId: string): boolean;
}

/** What the operations of IAM are made of. */
export interface IamParts {
  readonly records: IamRecords;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly random: Random;
}
