/** What is known of functions' roles, where somebody asks who senders are; where nobody does, nothing is refused. */
import { invalidParameterValue } from './errors.ts';

/** In whose name a function reads, tells and logs. */
export interface Runner {
  readonly accountId: string;
  readonly roleArn: string;
}

export interface ExecutionRoles {
  /** Why the function may not run as the role, if it may not. */
  refusal(roleArn: string, functionArn: string): 'another-account' | 'not-assumable' | undefined;
  /** Whether the role may do something: `sqs:SendMessage` on a queue's ARN. The resource's own policy counts as well. */
  may(runner: Runner, action: string, resource: string): boolean;
  /** Whether it may tell a destination; everybody may where nobody is asked who they are. */
  mayTell(runner: Runner, telling: Telling): boolean;
}

export function noPermission(call: string, service: string): string {
  return `The provided execution role does not have permissions to call ${call} on ${service}`;
}

export interface Telling {
  readonly action: string;
  readonly resource: string;
  /** The same in the words of AWS's errors. */
  readonly call: string;
  readonly service: string;
}

/** What a role needs to tell a destination; `key` is that of an object in a bucket. */
export function tellingOf(arn: string, key = '*'): Telling {
  const kind = arn.split(':')[2] ?? '';
  const [call, service] = callsByKind[kind] ?? ['Deliver', kind];
  return { action: `${kind}:${call}`, resource: kind === 's3' ? `${arn}/${key}` : arn, call, service };
}

const callsByKind: Readonly<Record<string, readonly [call: string, service: string]>> = {
  lambda: ['InvokeFunction', 'Lambda'],
  sqs: ['SendMessage', 'SQS'],
  sns: ['Publish', 'SNS'],
  events: ['PutEvents', 'EventBridge'],
  s3: ['PutObject', 'S3'],
};

/** Throws AWS's refusal of a destination that the role could not tell anything. */
export function checkTelling(roles: Pick<ExecutionRoles, 'mayTell'>, runner: Runner, arn: string): void {
  const telling = tellingOf(arn);
  if (!roles.mayTell(runner, telling)) throw invalidParameterValue(noPermission(telling.call, telling.service));
}
