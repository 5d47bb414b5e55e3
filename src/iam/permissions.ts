/** Statements of a resource's policy, as AddPermission and RemovePermission write and find them. */

type Json = Readonly<Record<string, unknown>>;

export interface Permission {
  /** The label. */
  readonly Sid: string;
  readonly Principal: Json;
  readonly Action: string | readonly string[];
  readonly Resource: string;
}

/** The policy with one more statement, or undefined when there is one of that label. */
export function withPermission(text: string | undefined, id: string, permission: Permission): string | undefined {
  const policy: Json = text === undefined ? { Version: '2008-10-17', Id: id } : JSON.parse(text); // checked when it was set
  const statements = statementsOf(policy);
  if (statements.some(({ Sid }) => Sid === permission.Sid)) return undefined;
  const { Sid, Principal, Action, Resource } = permission;
  const added = { Sid, Effect: 'Allow', Principal, Action, Resource };
  return JSON.stringify({ ...policy, Statement: [...statements, added] });
}

/** `policy` is absent when that was its last statement; undefined when there is no such label. */
export function withoutPermission(text: string | undefined, label: string): { readonly policy?: string } | undefined {
  if (text === undefined) return undefined;
  const policy: Json = JSON.parse(text); // checked when it was set
  const statements = statementsOf(policy);
  const kept = statements.filter(({ Sid }) => Sid !== label);
  if (kept.length === statements.length) return undefined;
  return kept.length === 0 ? {} : { policy: JSON.stringify({ ...policy, Statement: kept }) };
}

/** One statement may stand without a list around it. */
function statementsOf({ Statement }: Json): Json[] {
  if (Array.isArray(Statement)) return Statement;
  return typeof Statement === 'object' && Statement !== null ? [Statement as Json] : [];
}

/** The roots of these accounts, as a policy names them; one of them without a list around it. */
export function accountsPrincipal(accountIds: readonly string[]): Json {
  const roots = accountIds.map((id) => `arn:aws:iam::${id}:root`);
  return { AWS: roots.length === 1 ? roots[0] : roots };
}
