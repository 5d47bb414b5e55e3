/** AWS_IAM: a signature for the service `execute-api`, and leave to invoke this method of this API. */
import { AwsError } from '../../../aws/errors.ts';
import type { Principal } from '../../../aws/operation.ts';
import { type Headers, readSignature } from '../../../aws/sigv4/signature.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Authenticator } from '../../../iam/authenticate.ts';
import type { Need } from '../../../iam/rules.ts';
import { authorise } from '../../authorise.ts';
import { callerIdentity, withKey } from '../../http/caller-identity.ts';
import { byName, type HttpCall } from '../../http/http-call.ts';
import { type Exchange, routeArn } from '../exchange.ts';
import { type Checked, forbidden } from './checked.ts';

export interface IamParts {
  readonly callers: Authenticator;
  readonly clock: Clock;
  /** Whether a page of somebody else sent it: where every signature is believed, such a page could write any. */
  isForeign(headers: Headers): boolean;
}

export function checkIam(parts: IamParts, exchange: Exchange): Checked {
  const need = { action: 'execute-api:Invoke', resource: routeArn(exchange) };
  return checkSigned(parts, exchange, need);
}

export function checkSigned(parts: IamParts, { call, record }: Pick<Exchange, 'call' | 'record'>, need: Need): Checked {
  const asked = { call, accountId: record.accountId, region: record.region, need };
  try {
    const principal = signedCaller(parts, asked);
    if (principal === undefined) return forbidden('Missing Authentication Token');
    // An API of this kind has no policy of its own that could let in another account.
    if (principal.accountId !== record.accountId) return forbidden('The caller is of another account');
    mayCall(parts, asked, principal);
    return { kind: 'allowed', authorised: { iam: callerIdentity(principal) } };
  } catch (error) {
    if (error instanceof AwsError) return forbidden(error.message);
    throw error;
  }
}

export interface SignedRequest {
  readonly call: HttpCall;
  /** Of the API. */
  readonly accountId: string;
  readonly region: string;
  readonly need: Need;
  /** Documents of the API's own policy. */
  readonly policies?: readonly string[];
}

/** Who has signed a request; undefined without a signature. Throws AWS's refusal of one that does not hold. */
export function signedCaller({ callers, isForeign }: IamParts, { call }: SignedRequest): Principal | undefined {
  const headers = flat(call);
  const signature = readSignature(headers, call.query);
  if (signature === undefined) return undefined;
  if (isForeign(headers)) {
    throw new AwsError({ code: 'AccessDeniedException', message: 'A page of another site sent it', status: 403 });
  }
  const { principal } = callers.authenticate({
    ...{ method: call.method, path: call.path, query: call.query, headers, body: call.body, signature },
    ...{ protocol: 'restJson1', signingName: 'execute-api' },
  });
  return withKey(principal, signature);
}

/** Throws AWS's denial. */
export function mayCall(
  { clock }: IamParts,
  { call, accountId, region, need, policies = [] }: SignedRequest,
  principal: Principal,
): void {
  const needs = () => [need];
  authorise(
    { rules: { 'execute-api': { needs, owner: () => accountId, policies: () => policies } }, clock },
    {
      service: 'execute-api',
      protocol: 'restJson1',
      row: {},
      asked: { operation: 'Invoke', input: {}, region, accountId: principal.accountId },
      principal,
      headers: flat(call),
      socket: { remoteAddress: call.sourceIp },
    },
  );
}

function flat(call: HttpCall): Headers {
  const pairs = call.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries([...byName(pairs)].map(([name, values]) => [name, values.join(', ')]));
}
