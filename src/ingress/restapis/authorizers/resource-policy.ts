/** The policy of an API itself: who may call it at all. */
import type { Clock } from '../../../base/clock.ts';
import { evaluate } from '../../../iam/policy/evaluate.ts';
import { policyOf } from '../../../iam/policy/policy.ts';
import { wholePolicy } from '../../../services/apigateway/policy.ts';
import type { ApiContent, RestApiRecord } from '../../../store/restapis/rest-record.ts';
import { headerOf } from '../../http/http-call.ts';
import { type Exchange, methodArn } from '../exchange.ts';
import { accessDenied } from '../failure.ts';

export function apiPolicies(record: RestApiRecord, { api }: ApiContent): string[] {
  return api.policy === undefined || api.policy === '' ? [] : [wholePolicy(api.policy, record)];
}

/** For those who sign nothing: an API that has a policy lets in whom it names. */
export function checkResourcePolicy({ clock }: { readonly clock: Clock }, exchange: Exchange): void {
  const { record, content, call } = exchange;
  const policies = apiPolicies(record, content);
  if (policies.length === 0) return;
  const now = clock.now();
  const said = { 'aws:useragent': headerOf(call, 'user-agent'), 'aws:referer': headerOf(call, 'referer') };
  const context = new Map([
    ['aws:sourceip', call.sourceIp],
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:securetransport', 'true'],
  ]);
  for (const [key, value] of Object.entries(said)) if (value !== undefined) context.set(key, value);
  const resource = methodArn(exchange);
  const question = {
    caller: { kind: 'anonymous', accountId: '', arn: '*' } as const,
    action: 'execute-api:Invoke',
    resource,
    resourceAccountId: record.accountId,
    context,
  };
  const { effect } = evaluate(question, { identity: [], resource: policies.map((each) => policyOf(each, 'resource')) });
  if (effect === 'allowed') return;
  const hidden = resource.replace(/:\d{8}(\d{4}):/, ':********$1:');
  const why = effect === 'explicit-deny' ? ' with an explicit deny' : '';
  throw accessDenied(`User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${hidden}${why}`);
}
