/** Who has which managed policy: looked up among the account's roles and users, which are thousands at most. */
import type { Holder, IamRecords } from '../../iam/records.ts';

/** How many have a policy, by its ARN. */
export interface Uses {
  readonly attached: ReadonlyMap<string, number>;
  readonly bounding: ReadonlyMap<string, number>;
}

export function usesIn(records: IamRecords, accountId: string): Uses {
  const attached = new Map<string, number>();
  const bounding = new Map<string, number>();
  for (const holder of [...records.all('role', accountId), ...records.all('user', accountId)]) {
    for (const arn of holder.attached) attached.set(arn, (attached.get(arn) ?? 0) + 1);
    if (holder.boundary !== undefined) bounding.set(holder.boundary, (bounding.get(holder.boundary) ?? 0) + 1);
  }
  return { attached, bounding };
}

export function has(holder: Holder, arn: string, usage: 'attached' | 'bounding' | 'any'): boolean {
  if (usage !== 'bounding' && holder.attached.includes(arn)) return true;
  return usage !== 'attached' && holder.boundary === arn;
}
