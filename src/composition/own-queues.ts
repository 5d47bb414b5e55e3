/** This server's own queues, as event source mappings read them: without a socket, and not without leave. */
import { AwsError } from '../aws/errors.ts';
import type { Operation, RequestContext } from '../aws/operation.ts';
import type { Random } from '../base/random.ts';
import { type ExecutionRoles, noPermission } from '../lambda/model/execution-roles.ts';
import type { Reader, SqsCalls, SqsOperations } from '../lambda/sources/sqs/calls.ts';
import type { createSqsTable } from '../services/sqs/api/table.ts';

export interface OwnQueuesParts {
  readonly table: ReturnType<typeof createSqsTable>;
  readonly roles: Pick<ExecutionRoles, 'may'>;
  readonly random: Random;
}

const noSignal = new AbortController().signal;

/** What a role needs to have its function told of messages. Where a queue is, and what goes back to it, needs no leave. */
const needed: Partial<Record<keyof SqsOperations, string>> = {
  ReceiveMessage: 'ReceiveMessage',
  DeleteMessageBatch: 'DeleteMessage',
  GetQueueAttributes: 'GetQueueAttributes',
};

export function ownQueues({ table, roles, random }: OwnQueuesParts): SqsCalls {
  const allowed = (reader: Reader, queueArn: string, call: string) => roles.may(reader, `sqs:${call}`, queueArn);
  return {
    async call({ reader, queueArn, operation, input, signal = noSignal }) {
      type Row = Operation<SqsOperations[typeof operation]['input'], SqsOperations[typeof operation]['output']>;
      const row = table[operation] as Row; // its name says which of the rows it is
      const [, , , region = '', accountId = ''] = queueArn.split(':');
      const call = needed[operation];
      if (call !== undefined && !allowed(reader, queueArn, call)) throw denied(noPermission(call, 'SQS'));
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
    denied(reader, queueArn) {
      const call = Object.values(needed).find((each) => !allowed(reader, queueArn, each));
      return call && noPermission(call, 'SQS');
    },
  };
}

function denied(message: string): AwsError {
  return new AwsError({ code: 'AccessDenied', message, status: 403 });
}
