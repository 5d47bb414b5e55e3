/** Functions log as their roles: what one may not log is dropped, as on AWS, and this server's own log says so once. */
import type { DataPlaneParts } from '../lambda/compose.ts';
import type { ExecutionRoles } from '../lambda/model/execution-roles.ts';
import { functionArn } from '../lambda/model/function.ts';
import type { Base } from './base.ts';

const needed = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const saidMax = 10_000;

/** Nothing where nobody is asked who they are. */
export function logPermission({ settings, log }: Base, roles: Pick<ExecutionRoles, 'may'>): DataPlaneParts['mayLog'] {
  if (settings.auth === 'open') return undefined;
  const said = new Set<string>();
  return (version, { region, accountId, group, stream }) => {
    const roleArn = version.configuration.role;
    const resource = `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`;
    const missing = needed.find((action) => !roles.may({ accountId, roleArn }, action, resource));
    const name = functionArn(version);
    if (missing === undefined) said.delete(name);
    else if (!said.has(name) && said.size < saidMax) {
      said.add(name);
      log.warn('A function’s log is dropped: its role may not write it', { function: name, role: roleArn, missing });
    }
    return missing === undefined;
  };
}
