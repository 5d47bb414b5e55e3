/** What IAM has to know of a service. Stated beside the service's operation table, asked by the front. */

/** A request whose operation and input are known, and not yet whether it is allowed. */
export interface Asked {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
  /** The caller's. */
  readonly accountId: string;
  /** Who asks, where that can be what is asked for. */
  readonly callerArn?: string;
}

/** An action and what it is done to: an ARN, or `*` where there is none. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

export type ConditionKeys = Iterable<readonly [key: string, value: string | readonly string[]]>;

export interface ServiceRules {
  /** All of these must be allowed; empty for what everybody may. */
  needs(asked: Asked): readonly Need[];
  /** The account whose resource is asked for, where that may be another than the caller's. */
  owner?(asked: Asked): string | undefined;
  /** Documents of the policies that belong to a resource and may speak of it. */
  policies?(resource: string): readonly string[];
  /** Condition keys of the service, and tags; names in lower case. */
  keys?(asked: Asked): ConditionKeys;
}

/** Of a service that states no rules: the operation is the action, and it has no resource. */
export function plainRules(prefix: string): ServiceRules {
  return { needs: ({ operation }) => [{ action: `${prefix}:${operation}`, resource: '*' }] };
}
