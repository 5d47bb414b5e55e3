import type { Asked, ServiceRules } from '../../iam/rules.ts';

export const logsRules: ServiceRules = {
  needs: (asked) => [{ action: `logs:${asked.operation}`, resource: streamArn(asked) }],
};

/** A group is asked for as its stream without a name, and all groups as the group without one, as AWS does. */
function streamArn({ input, region, accountId }: Asked): string {
  const { logGroupName, logGroupIdentifier, logStreamName, logGroupNamePrefix } = input;
  const group = text(logGroupName) || nameIn(text(logGroupIdentifier)) || text(logGroupNamePrefix);
  return `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:${text(logStreamName)}`;
}

/** Of a name, or of an ARN of the group. */
function nameIn(identifier: string): string {
  return /:log-group:([^:]*)/.exec(identifier)?.[1] ?? identifier;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
