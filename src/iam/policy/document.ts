/**
 * A policy document, checked: from here on every element has one form. `identity` policies belong to whoever asks and name
 * no principal; `resource` policies belong to what is asked for and name one in every statement; a `trust` policy is that of
 * a role, which is itself the resource and so names none.
 */
import type { ConditionElement } from './condition.ts';
import { malformed } from './malformed.ts';
import { checkPrincipal, type PrincipalElement } from './principal.ts';

export type PolicyKind = 'identity' | 'resource' | 'trust';

export interface PolicyDocument {
  /** `2008-10-17` when the document says nothing: it knows no variables. */
  readonly version: '2012-10-17' | '2008-10-17';
  readonly id: string | undefined;
  readonly statements: readonly StatementElement[];
}

/** Either what is listed, or everything else. */
export interface Listed<T> {
  readonly not: boolean;
  readonly of: T;
}

export interface StatementElement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: Listed<PrincipalElement> | undefined;
  readonly action: Listed<readonly string[]>;
  readonly resource: Listed<readonly string[]>;
  readonly condition: ConditionElement;
}

type Json = Readonly<Record<string, unknown>>;

const syntax = 'Syntax errors in policy.';
const documentKeys = ['Version', 'Id', 'Statement'];
const statementKeys = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
];

export function readDocument(text: string, kind: PolicyKind): PolicyDocument {
  const whole = record(parsed(text), documentKeys);
  const { Version: version = '2008-10-17', Id: id, Statement } = whole;
  if (version !== '2012-10-17' && version !== '2008-10-17')
    throw malformed('The policy must contain a valid version string');
  if (id !== undefined && typeof id !== 'string') throw malformed(syntax);
  const list = Array.isArray(Statement) ? Statement : [Statement];
  if (list.length === 0) throw malformed(syntax);
  const statements = list.map((each) => statement(record(each, statementKeys), kind));
  checkSids(statements, kind);
  return { version, id, statements };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(syntax);
  }
}

function record(value: unknown, known?: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(syntax);
  if (known !== undefined && !Object.keys(value).every((key) => known.includes(key))) throw malformed(syntax);
  return value as Json; // an object, and JSON has no others
}

function statement(element: Json, kind: PolicyKind): StatementElement {
  const { Sid: sid, Effect: effect, Condition } = element;
  if (sid !== undefined && typeof sid !== 'string') throw malformed(syntax);
  if (effect !== 'Allow' && effect !== 'Deny') throw malformed(syntax);
  return {
    sid,
    effect,
    principal: principal(element, kind),
    action: listed(element, 'Action', 'Policy statement must contain actions.', checkAction),
    resource: resource(element, kind),
    condition: Condition === undefined ? {} : condition(Condition),
  };
}

function resource(element: Json, kind: PolicyKind): Listed<readonly string[]> {
  if (kind !== 'trust') {
    return listed(element, 'Resource', 'Policy statement must contain resources.', checkResource);
  }
  if (element.Resource !== undefined || element.NotResource !== undefined) {
    throw malformed('Has prohibited field Resource');
  }
  return { not: false, of: ['*'] };
}

function principal(element: Json, kind: PolicyKind): Listed<PrincipalElement> | undefined {
  const { Principal, NotPrincipal } = element;
  const value = Principal ?? NotPrincipal;
  if (kind === 'identity') {
    if (value !== undefined) throw malformed('Policy document should not specify a principal.');
    return undefined;
  }
  if (value === undefined) throw malformed('Missing required field Principal');
  if (Principal !== undefined && NotPrincipal !== undefined) throw malformed(syntax);
  const of = value === '*' ? value : lists(value);
  checkPrincipal(of);
  return { not: Principal === undefined, of };
}

function listed(
  element: Json,
  name: 'Action' | 'Resource',
  missing: string,
  check: (value: string) => void,
): Listed<readonly string[]> {
  const { [name]: plain, [`Not${name}`]: others } = element;
  if (plain !== undefined && others !== undefined) throw malformed(syntax);
  const of = texts(plain ?? others ?? []);
  if (of.length === 0) throw malformed(missing);
  of.forEach(check);
  return { not: plain === undefined, of };
}

function checkAction(value: string): void {
  if (value === '*' || /^[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+$/.test(value)) return;
  throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
}

function checkResource(value: string): void {
  if (value === '*' || /^arn:[a-z*?-]+:/.test(value)) return;
  throw malformed(`Resource ${value} must be in ARN format or "*".`);
}

function condition(value: unknown): ConditionElement {
  return Object.fromEntries(Object.entries(record(value)).map(([operator, keys]) => [operator, lists(keys)]));
}

/** An object of lists; one value alone is a list of one. */
function lists(value: unknown): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(record(value)).map(([key, values]) => [key, texts(values)]));
}

/** Numbers and booleans may stand in a document without quotes. */
function texts(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((each) => {
    if (typeof each !== 'string' && typeof each !== 'number' && typeof each !== 'boolean') throw malformed(syntax);
    return String(each);
  });
}

function checkSids(statements: readonly StatementElement[], kind: PolicyKind): void {
  const sids = statements.flatMap(({ sid }) => (sid === undefined || sid === '' ? [] : [sid]));
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
  // Lambda's own statement ids have more letters.
  if (kind === 'identity' && sids.some((sid) => !/^[0-9A-Za-z]*$/.test(sid))) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
}
