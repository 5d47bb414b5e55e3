import { createHash } from 'node:crypto';
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import type { StsTypes } from '../../../aws/models/sts.types.ts';
import type { Operation, RequestContext } from '../../../aws/operation.ts';
import { principalKeys } from '../../../iam/caller.ts';
import { roleOf } from '../../../iam/grants.ts';
import { base32Letters } from '../../../iam/ids.ts';
import { parsedEntityArn, type Role } from '../../../iam/records.ts';
import { assumedRoleArn, issueSession } from '../../../iam/session.ts';
import { trusts } from '../../../iam/trust.ts';
import { invalid, mayNotAssume, noDevices, notThere } from '../errors.ts';
import type { StsParts } from '../parts.ts';
import { assumeRoleKeys } from '../rules.ts';
import { sessionExtras } from '../session-extras.ts';

type AssumeRole = StsTypes['AssumeRole'];

/** Of a role that is not there nobody is told more than of one that does not want the caller. */
export function assumeRole(parts: StsParts): Operation<AssumeRole['input'], AssumeRole['output']> {
  return {
    handle(input, context) {
      const { RoleArn: roleArn = '', RoleSessionName: sessionName = '' } = input;
      refuseWhatIsNotThere(input);
      const named = parsedEntityArn(roleArn);
      if (named?.kind !== 'role') throw invalid(`${roleArn} is invalid`);
      const role = roleOf(parts.records, roleArn);
      if (parts.mode === 'signed' && !isTrusted(parts, role, input, context)) {
        throw mayNotAssume(context.principal.arn, roleArn);
      }
      const extras = sessionExtras(input);
      const expiresAt = parts.clock.now() + secondsOf(input, role, context) * 1000;
      const { accountId } = named;
      const session = { roleArn, roleId: role?.id, ...extras.session };
      const issued = issueSession({ ...parts, session, sessionName, accountId, expiresAt });
      return {
        Credentials: {
          AccessKeyId: issued.accessKeyId,
          SecretAccessKey: issued.secretAccessKey,
          SessionToken: issued.sessionToken,
          Expiration: new Date(expiresAt),
        },
        AssumedRoleUser: {
          AssumedRoleId: `${role?.id ?? idOf(roleArn)}:${sessionName}`,
          Arn: assumedRoleArn(roleArn, sessionName),
        },
        PackedPolicySize: extras.packedPercent,
      };
    },
  };
}

function isTrusted(
  { clock }: StsParts,
  role: Role | undefined,
  input: AssumeRoleRequest,
  { principal, sourceAddress }: RequestContext,
): boolean {
  if (role === undefined) return false;
  const now = clock.now();
  const context = new Map<string, string | readonly string[]>([
    ...principalKeys(principal),
    ['aws:currenttime', new Date(now).toISOString()],
    ['aws:epochtime', String(Math.floor(now / 1000))],
    ['aws:securetransport', 'true'],
    ...(sourceAddress === undefined ? [] : [['aws:sourceip', sourceAddress] as const]),
    ...assumeRoleKeys({ ...input }),
  ]);
  const question = { trust: role.trust, roleArn: input.RoleArn ?? '', caller: principal, context };
  if (input.Tags?.length && !trusts({ ...question, action: 'sts:TagSession' })) return false;
  return trusts(question);
}

const secondsUsual = 3600;

function secondsOf({ DurationSeconds }: AssumeRoleRequest, role: Role | undefined, context: RequestContext): number {
  const seconds = DurationSeconds ?? secondsUsual;
  if (context.principal.kind === 'role' && seconds > 3600) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.');
  }
  if (seconds <= (role?.sessionSecondsMax ?? 43_200)) return seconds;
  throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
}

function refuseWhatIsNotThere(input: AssumeRoleRequest): void {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) throw noDevices();
  for (const member of ['SourceIdentity', 'TransitiveTagKeys', 'ProvidedContexts'] as const) {
    if ((input[member]?.length ?? 0) > 0) throw notThere(member);
  }
}

/** Of a role that nobody made: the same whenever it is asked for. */
function idOf(roleArn: string): string {
  const digest = createHash('sha256').update(roleArn).digest('hex');
  return `AROA${base32Letters(17, { hex: (bytes) => digest.slice(0, 2 * bytes) })}`;
}
