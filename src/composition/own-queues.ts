/** This server's own queues, as event source mappings read them: without a socket, and not without leave. */
import { AwsError } from '../aws/errors.ts';
import type { Operation, RequestContext } from '../aws/operation.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { evaluate } from '../iam/policy/evaluate.ts';
import { policyOf } from '../iam/policy/policy.ts';
import type { ServiceRules } from '../iam/rules.ts';
import type { Reader, SqsCalls, SqsOperations } from '../lambda/sources/sqs/calls.ts';
import type { createSqsTable } from '../services/sqs/api/table.ts';

export interface OwnQueuesParts {
  readonly table: ReturnType<typeof createSqsTable>;
  readonly rules: ServiceRules;
  readonly clock: Clock;
  readonly random: Random;
}

const noSignal = new AbortController().signal;

export function ownQueues({ table, rules, clock, random }: OwnQueuesParts): SqsCalls {
  return {
    async call({ reader, queueArn, operation, input, signal = noSignal }) {
      type Row = Operation<SqsOperations[typeof operation]['input'], SqsOperations[typeof operation]['output']>;
      const row = table[operation] as Row; // its name says which of the rows it is
      const [, , , region = '', accountId = ''] = queueArn.split(':');
      const asked = { operation, input: {}, region, accountId };
      for (const { action } of rules.needs(asked)) {
        if (!mayRead(reader, { action, queueArn, accountId, now: clock.now() }, rules)) throw denied(reader, action);
      }
      const context: RequestContext = {
        service: 'sqs',
        operation,
        region,
        accountId,
        principal: { kind: 'role', accountId: reader.accountId, arn: reader.roleArn },
        requestId: random.uuid(),
        endpoint: 'http://sqs',
        headers: {},
        signal,
        responseHeaders: {},
      };
      return row.handle(input, context);
    },
  };
}

interface Wanted {
  readonly action: string;
  readonly queueArn: string;
  readonly accountId: string;
  readonly now: number;
}

/** A role may do everything in its own account until roles have policies; a queue's own policy counts as well. */
function mayRead(reader: Reader, { action, queueArn, accountId, now }: Wanted, rules: ServiceRules): boolean {
  const policies = rules.policies?.(queueArn) ?? [];
  if (policies.length === 0) return reader.accountId === accountId;
  const question = {
    caller: { kind: 'role', accountId: reader.accountId, arn: reader.roleArn } as const,
    action,
    resource: queueArn,
    resourceAccountId: accountId,
    context: new Map([
      ['aws:currenttime', new Date(now).toISOString()],
      ['aws:principalarn', reader.roleArn],
      ['aws:principalaccount', reader.accountId],
      ['aws:securetransport', 'true'],
    ]),
  };
  const resource = policies.map((document) => policyOf(document, 'resource'));
  return evaluate(question, { identity: 'everything', resource }).effect === 'allowed';
}

function denied({ roleArn }: Reader, action: string): AwsError {
  const message = `User: ${roleArn} is not authorized to perform: ${action}`;
  return new AwsError({ code: 'AccessDenied', message, status: 403 });
}
