/**
 * Whether who asks may do what is asked. Whoever is root in the account that is asked passes without a look at any policy,
 * as every caller of the open mode does; all others are weighed, need by need.
 */
import type { Protocol } from '../aws/model.ts';
import { services } from '../aws/models.ts';
import type { Operation, Principal } from '../aws/operation.ts';
import type { Clock } from '../base/clock.ts';
import { ownPolicies, principalKeys } from '../iam/caller.ts';
import { denial } from '../iam/denial.ts';
import { arnAccount } from '../iam/policy/arn.ts';
import { evaluate } from '../iam/policy/evaluate.ts';
import { policyOf } from '../iam/policy/policy.ts';
import type { ConditionContext } from '../iam/policy/template.ts';
import { type Asked, type Need, plainRules, type ServiceRules } from '../iam/rules.ts';

/** By service, as the tables; a service without rules has its operations as actions on `*`. */
export type RulesByService = Readonly<Record<string, ServiceRules>>;

export interface AuthoriseParts {
  readonly rules: RulesByService;
  readonly clock: Clock;
}

export interface AuthorisedCall {
  readonly service: string;
  readonly protocol: Protocol;
  readonly row: Pick<Operation<never, unknown>, 'action' | 'resource'>;
  readonly asked: Asked;
  readonly principal: Principal;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** The account that the call acts in. Throws AWS's denial. */
export function authorise({ rules: rulesOf, clock }: AuthoriseParts, call: AuthorisedCall): string {
  const { service, asked, principal } = call;
  const rules = rulesOf[service];
  const owner = rules?.owner?.(asked) ?? principal.accountId;
  if (principal.kind === 'root' && owner === principal.accountId) return owner;
  const context = contextOf(call, rules, owner, clock.now());
  for (const need of needsOf(call, rules ?? plainRules(services[service]?.signingName ?? service))) {
    weigh(call, { need, owner, context, documents: rules?.policies?.(need.resource) ?? [] });
  }
  return owner;
}

function needsOf({ row, service, asked }: AuthorisedCall, rules: ServiceRules): readonly Need[] {
  if (row.action === undefined && row.resource === undefined) return rules.needs(asked);
  const resource = row.resource?.(asked.input as never, asked) ?? '*'; // decoded for this very row
  const actions = row.action ?? `${services[service]?.signingName ?? service}:${asked.operation}`;
  return [actions].flat().map((action) => ({ action, resource }));
}

interface Weighed {
  readonly need: Need;
  readonly owner: string;
  readonly context: ConditionContext;
  readonly documents: readonly string[];
}

function weigh({ principal, service, protocol }: AuthorisedCall, { need, owner, context, documents }: Weighed): void {
  const { action, resource } = need;
  const decision = evaluate(
    { caller: principal, action, resource, resourceAccountId: arnAccount(resource) || owner, context },
    { ...ownPolicies(principal), resource: documents.map((each) => policyOf(each, 'resource')) },
  );
  if (decision.effect !== 'allowed') throw denial({ decision, need, callerArn: principal.arn, service, protocol });
}

function contextOf(
  { asked, principal, headers, socket }: AuthorisedCall,
  rules: ServiceRules | undefined,
  owner: string,
  now: number,
): ConditionContext {
  const context = new Map<string, string | readonly string[]>([
    ...principalKeys(principal),
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:requestedregion', asked.region],
    ['aws:resourceaccount', owner],
    // Whether the way here is safe is its operator's business; what is only for TLS would lock everybody out.
    ['aws:securetransport', 'true'],
    ['aws:viaawsservice', 'false'],
    ['aws:principalisawsservice', 'false'],
    ...(rules?.keys?.(asked) ?? []),
  ]);
  const said = {
    'aws:sourceip': socket.remoteAddress?.replace(/^::ffff:/, ''),
    'aws:useragent': headers['user-agent'],
    'aws:referer': headers.referer,
  };
  for (const [key, value] of Object.entries(said)) if (value !== undefined) context.set(key, value);
  return context;
}
