/** Functions' roles at a start: of a server that asks who sends, only roles that somebody made may do something. */
import { entityId } from '../iam/ids.ts';
import { type IamRecords, parsedEntityArn, type Role } from '../iam/records.ts';
import type { Base } from './base.ts';

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

const lambdaTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/**
 * Earlier releases let every role do everything. In a data folder of theirs whose keys were in use, the roles that
 * functions have are made as what they were: visible, with AdministratorAccess, which can then be taken from them.
 * Whatever role is missing otherwise can do nothing, which the log says by name.
 */
export function settleRoles(base: Base): void {
  const { settings, store, log } = base;
  if (settings.auth !== 'signed') return;
  const { records } = store.keys;
  const missing = store.functions.rolesInUse().filter((arn) => !isThere(records, arn));
  if (store.keys.formerRoles()) {
    for (const arn of missing) keepAsItWas(base, arn);
    store.keys.formerRolesKept();
    return;
  }
  if (missing.length > 0) {
    log.warn('Functions have roles that do not exist, and may do nothing in their name: create them with IAM', {
      roles: missing.slice(0, 10).join(' '),
      ...(missing.length > 10 ? { andMore: missing.length - 10 } : {}),
    });
  }
}

function isThere(records: IamRecords, arn: string): boolean {
  const named = parsedEntityArn(arn);
  return named?.kind === 'role' && records.get('role', named.accountId, named.name)?.path === named.path;
}

function keepAsItWas({ store, log, clock, random }: Base, arn: string): void {
  const named = parsedEntityArn(arn);
  const { records } = store.keys;
  if (named?.kind !== 'role' || records.get('role', named.accountId, named.name) !== undefined) return;
  const role: Role = {
    name: named.name,
    path: named.path,
    id: entityId('role', random),
    createdAt: clock.now(),
    trust: lambdaTrust,
    description: 'Made when this server began to keep roles: functions had it, with every right',
    sessionSecondsMax: 3600,
    tags: {},
    inline: {},
    attached: [administrator],
  };
  records.put('role', named.accountId, role);
  log.warn('Made the role of a function, with AdministratorAccess as it was before: give it less', { role: arn });
}
