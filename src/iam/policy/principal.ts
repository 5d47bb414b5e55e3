/** Whom a statement speaks of. */
import { arnParts } from './arn.ts';
import { malformed } from './malformed.ts';

/** Who asks, as far as policies care. */
export interface Caller {
  readonly kind: 'root' | 'user' | 'role' | 'service' | 'anonymous';
  /** Empty of services and of the unknown. */
  readonly accountId: string;
  /** Of a service its name, as `s3.amazonaws.com`. */
  readonly arn: string;
}

/**
 * `direct`: the statement names this caller, or everybody. `account`: it names the caller's account, which leaves the
 * leave to the account's own policies: a user of that same account needs one of those besides.
 */
export type Named = 'no' | 'account' | 'direct';

/** As a document has it: `"*"`, or lists by kind. */
export type PrincipalElement = '*' | Readonly<Record<string, readonly string[]>>;

const kinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const named = /^arn:aws[a-zA-Z-]*:(?:iam|sts)::\d{12}:(?:root|(?:user|role|assumed-role|federated-user)\/.+)$/;
const accountId = /^\d{12}$/;
const regional = /^([a-z0-9-]+)\.[a-z]{2}(?:-[a-z]+)+-\d\.(amazonaws\.com(?:\.cn)?)$/;

export function checkPrincipal(element: PrincipalElement): void {
  if (element === '*') return;
  for (const [kind, values] of Object.entries(element)) {
    if (!kinds.includes(kind)) throw malformed(`Invalid principal in policy: "${kind}" is not a kind of principal`);
    for (const value of values)
      if (!valid(kind, value)) throw malformed(`Invalid principal in policy: "${kind}":"${value}"`);
  }
}

/** A wildcard inside of a principal is refused as by AWS: only `*` alone is one. */
function valid(kind: string, value: string): boolean {
  if (value === '*') return true;
  if (/[*?]/.test(value)) return false;
  if (kind === 'AWS') return accountId.test(value) || named.test(value);
  return kind !== 'Service' || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value);
}

export function principalMatcher(element: PrincipalElement): (caller: Caller) => Named {
  if (element === '*') return () => 'direct';
  const { AWS = [], Service = [] } = element;
  const services = new Set(Service.map(withoutRegion));
  return (caller) => {
    if (caller.kind === 'service')
      return services.has('*') || services.has(withoutRegion(caller.arn)) ? 'direct' : 'no';
    if (AWS.includes('*')) return 'direct';
    if (caller.kind === 'anonymous') return 'no';
    return AWS.reduce<Named>((best, value) => better(best, namedBy(value, caller)), 'no');
  };
}

function better(one: Named, other: Named): Named {
  if (one === 'direct' || other === 'direct') return 'direct';
  return one === 'account' ? one : other;
}

function namedBy(value: string, caller: Caller): Named {
  if (value === caller.arn) return 'direct';
  if (value === caller.accountId) return caller.kind === 'root' ? 'direct' : 'account';
  const [, , , , account, resource = ''] = arnParts(value) ?? [];
  if (account !== caller.accountId) return 'no';
  if (resource === 'root') return 'account';
  return roleName(resource) !== undefined && roleName(resource) === sessionRole(caller.arn) ? 'direct' : 'no';
}

/** `role/path/name`; names are unique in an account, whatever the path. */
function roleName(resource: string): string | undefined {
  return resource.startsWith('role/') ? resource.split('/').at(-1) : undefined;
}

function sessionRole(arn: string): string | undefined {
  const [kind, name] = (arnParts(arn)?.[5] ?? '').split('/');
  return kind === 'assumed-role' ? name : undefined;
}

/** `logs.eu-west-1.amazonaws.com` is `logs.amazonaws.com`. */
function withoutRegion(service: string): string {
  return service.replace(regional, '$1.$2');
}
