/** Functions log as their roles: what one may not log is dropped, as on AWS, and this server's own log says so once. */

import type { DataPlaneParts } from '../lambda/compose.ts';
import type { ExecutionRoles } from '../lambda/model/execution-roles.ts';
import { type FunctionVersion, functionArn } from '../lambda/model/function.ts';
import type { LogTarget } from '../observe/function-log.ts';
import type { Base } from './base.ts';

const needed = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** A leave holds for so long: every invocation asks, and the answer takes 5 µs. */
const allowedMs = 1000;
const rememberedMax = 10_000;

/** Nothing where nobody is asked who they are. */
export function logPermission(base: Base, roles: Pick<ExecutionRoles, 'may'>): DataPlaneParts['mayLog'] {
  if (base.settings.auth === 'open') return undefined;
  /** By version's id. */
  const allowedUntil = new Map<string, number>();
  const warn = warnedOnce(base);
  return (version, target) => {
    const now = base.clock.monotonic();
    if ((allowedUntil.get(version.id) ?? 0) > now) return true;
    const missing = missingFor(roles, version, target);
    warn(version, missing);
    if (missing !== undefined) return false;
    if (allowedUntil.size >= rememberedMax) allowedUntil.clear();
    allowedUntil.set(version.id, now + allowedMs);
    return true;
  };
}

function missingFor(
  roles: Pick<ExecutionRoles, 'may'>,
  { configuration }: FunctionVersion,
  { region, accountId, group, stream }: LogTarget,
): string | undefined {
  const runner = { accountId, roleArn: configuration.role };
  const resource = `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:${stream}`;
  return needed.find((action) => !roles.may(runner, action, resource));
}

/** Again for a function that could log in between. */
function warnedOnce({ log }: Base) {
  const said = new Set<string>();
  return (version: FunctionVersion, missing: string | undefined): void => {
    const name = functionArn(version);
    if (missing === undefined) said.delete(name);
    else if (!said.has(name) && said.size < rememberedMax) {
      said.add(name);
      const role = version.configuration.role;
      log.warn('A function’s log is dropped: its role may not write it', { function: name, role, missing });
    }
  };
}
