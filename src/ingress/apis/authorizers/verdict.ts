/** What an authorizer's function answered: a plain yes or no, or a policy of what its caller may invoke. */
import { type Decision, evaluate } from '../../../iam/policy/evaluate.ts';
import { policyOf } from '../../../iam/policy/policy.ts';
import type { AuthorizerDocument } from '../../../store/apis/api-record.ts';
import { type Exchange, routeArn } from '../exchange.ts';
import { type Checked, forbidden } from './checked.ts';

export interface Verdict {
  /** Or a policy's text. */
  readonly allows: boolean | string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly principalId?: string | undefined;
  /** The value of an API key, of REST APIs whose keys come from their authorizers. */
  readonly usageIdentifierKey?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Undefined for what is neither. */
export function readVerdict(
  payload: Buffer,
  { EnableSimpleResponses }: Pick<AuthorizerDocument, 'EnableSimpleResponses'>,
): Verdict | undefined {
  const said = parsed(payload);
  if (said === undefined) return undefined;
  const context = isFields(said.context) ? said.context : {};
  if (EnableSimpleResponses) {
    return typeof said.isAuthorized === 'boolean' ? { allows: said.isAuthorized, context } : undefined;
  }
  if (!isFields(said.policyDocument)) return undefined;
  const allows = JSON.stringify(said.policyDocument);
  try {
    policyOf(allows, 'identity');
  } catch {
    return undefined;
  }
  const { principalId, usageIdentifierKey: key } = said;
  const usageIdentifierKey = typeof key === 'string' ? key : undefined;
  return { allows, context, principalId: String(principalId ?? ''), usageIdentifierKey };
}

/** A policy that was kept is weighed anew for each request: it may name other routes than the one it was asked for. */
export function judged({ allows, context, principalId }: Verdict, exchange: Exchange): Checked {
  if (!(typeof allows === 'boolean' ? allows : permits(allows, exchange))) {
    return forbidden('The authorizer has not allowed the request');
  }
  return { kind: 'allowed', authorised: { lambda: context, principalId } };
}

function permits(document: string, exchange: Exchange): boolean {
  const { record, call } = exchange;
  const asked = { accountId: record.accountId, resource: routeArn(exchange), sourceIp: call.sourceIp };
  return weighed(document, asked).effect === 'allowed';
}

export interface InvokeQuestion {
  readonly accountId: string;
  readonly resource: string;
  readonly sourceIp: string;
}

/** What an authorizer's policy says of one request. */
export function weighed(document: string, { accountId, resource, sourceIp }: InvokeQuestion): Decision {
  const question = {
    caller: { kind: 'user', accountId, arn: `arn:aws:iam::${accountId}:user/caller` },
    action: 'execute-api:Invoke',
    resource,
    resourceAccountId: accountId,
    context: new Map([['aws:sourceip', sourceIp]]),
  } as const;
  return evaluate(question, { identity: [policyOf(document, 'identity')], resource: [] });
}

/** A function refuses with an error of exactly this message. */
export function saysUnauthorized(payload: Buffer): boolean {
  return parsed(payload)?.errorMessage === 'Unauthorized';
}

function parsed(payload: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString());
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
