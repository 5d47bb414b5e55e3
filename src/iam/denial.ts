/** Why somebody who is known may not do something, in AWS's words. */
import { AwsError } from '../aws/errors.ts';
import type { Protocol } from '../aws/model.ts';
import type { Decision } from './policy/evaluate.ts';
import type { Need } from './rules.ts';

export interface Denied {
  readonly decision: Exclude<Decision, { readonly effect: 'allowed' }>;
  readonly need: Need;
  readonly callerArn: string;
  readonly service: string;
  readonly protocol: Protocol;
}

export function denial({ decision, need, callerArn, service, protocol }: Denied): AwsError {
  const what = `User: ${callerArn} is not authorized to perform: ${need.action} on resource: ${need.resource}`;
  return new AwsError({ ...codeOf(service, protocol), message: `${what} ${because(decision, need)}` });
}

function because(decision: Denied['decision'], { action }: Need): string {
  if (decision.effect === 'explicit-deny') return `with an explicit deny in ${policy(decision.by)}`;
  const { missing } = decision;
  const whose = typeof missing === 'string' ? `${missing}-based policy` : missing.bound;
  return `because no ${whose} allows the ${action} action`;
}

function policy(side: 'identity' | 'resource'): string {
  return side === 'identity' ? 'an identity-based policy' : 'a resource-based policy';
}

/** Services with a target header answer 400, as to every other fault of a client; older ones have shorter codes. */
function codeOf(service: string, protocol: Protocol): { code: string; status: number } {
  if (service === 'sns') return { code: 'AuthorizationError', status: 403 };
  if (protocol === 'restXml' || protocol === 'awsQuery') return { code: 'AccessDenied', status: 403 };
  return { code: 'AccessDeniedException', status: protocol === 'restJson1' ? 403 : 400 };
}
