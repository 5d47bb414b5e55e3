/** A policy made ready to be asked. A document is read once, however often it is asked. */
import { arnMatcher } from './arn.ts';
import { type Condition, conditionsOf } from './condition.ts';
import { type Listed, type PolicyKind, readDocument, type StatementElement } from './document.ts';
import { type Caller, type Named, principalMatcher } from './principal.ts';
import { type ConditionContext, matcher, template } from './template.ts';

export interface Policy {
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  /** Always `direct` in a policy of an identity. */
  speaksOf(caller: Caller): Named;
  /** The action in lower case. */
  covers(action: string, resource: string, context: ConditionContext): boolean;
}

const policiesMax = 2_000;
const made: Readonly<Record<PolicyKind, Map<string, Policy>>> = {
  identity: new Map(),
  resource: new Map(),
  trust: new Map(),
};

/** Throws `MalformedPolicy` with the reason. */
export function policyOf(document: string, kind: PolicyKind): Policy {
  const known = made[kind];
  let policy = known.get(document);
  if (policy === undefined) {
    policy = compiled(document, kind);
    if (known.size >= policiesMax) known.clear();
    known.set(document, policy);
  }
  return policy;
}

function compiled(document: string, kind: PolicyKind): Policy {
  const { version, statements } = readDocument(document, kind);
  const variables = version === '2012-10-17';
  return { statements: statements.map((element) => statementOf(element, variables)) };
}

function statementOf(element: StatementElement, variables: boolean): Statement {
  const { sid, effect, principal, action, resource, condition } = element;
  const actions = action.of.map((each) => matcher(template(each.toLowerCase(), { wildcards: true, variables: false })));
  const resources = resource.of.map((each) => arnMatcher(each, { variables }));
  const conditions: readonly Condition[] = conditionsOf(condition, variables);
  return {
    sid,
    effect,
    speaksOf: principal === undefined ? () => 'direct' : speaker(principal),
    covers: (asked, arn, context) =>
      actions.some((fits) => fits(asked, context)) !== action.not &&
      resources.some((fits) => fits(arn, context)) !== resource.not &&
      conditions.every((holds) => holds(context)),
  };
}

function speaker({ not, of }: Listed<Parameters<typeof principalMatcher>[0]>): Statement['speaksOf'] {
  const named = principalMatcher(of);
  return not ? (caller) => (named(caller) === 'no' ? 'direct' : 'no') : named;
}
