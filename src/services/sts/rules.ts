import { roleOf } from '../../iam/grants.ts';
import type { IamRecords } from '../../iam/records.ts';
import type { ServiceRules } from '../../iam/rules.ts';

type Input = Readonly<Record<string, unknown>>;

/** A role's own policy is weighed with the caller's; that it has to allow in any case, AssumeRole itself sees to. */
export function stsRules(records: Pick<IamRecords, 'get'>): ServiceRules {
  return {
    /** Nobody needs leave to ask who they are; a Deny has no effect on that either. */
    needs({ operation, input }) {
      if (operation === 'GetCallerIdentity') return [];
      const resource = typeof input.RoleArn === 'string' ? input.RoleArn : '*';
      const tagging = Array.isArray(input.Tags) && input.Tags.length > 0;
      return [operation, ...(tagging ? ['TagSession'] : [])].map((action) => ({ action: `sts:${action}`, resource }));
    },
    owner: ({ input }) => /^arn:aws[a-zA-Z-]*:iam::(\d{12}):role\//.exec(String(input.RoleArn ?? ''))?.[1],
    policies(resource) {
      const role = roleOf(records, resource);
      return role === undefined ? [] : [withResource(role.trust)];
    },
    keys: ({ input }) => assumeRoleKeys(input),
  };
}

export function* assumeRoleKeys(input: Input): Generator<readonly [string, string | readonly string[]]> {
  const { ExternalId, RoleSessionName, Tags } = input;
  if (typeof ExternalId === 'string') yield ['sts:externalid', ExternalId];
  if (typeof RoleSessionName === 'string') yield ['sts:rolesessionname', RoleSessionName];
  const tags = Array.isArray(Tags) ? Tags : [];
  for (const { Key, Value } of tags) yield [`aws:requesttag/${String(Key).toLowerCase()}`, String(Value)];
  if (tags.length > 0) yield ['aws:tagkeys', tags.map(({ Key }) => String(Key))];
}

/** A role's own policy names no resource, since it is that itself; other policies of resources all do. */
function withResource(trust: string): string {
  const { Statement, ...policy } = JSON.parse(trust); // checked when it was set
  return JSON.stringify({ ...policy, Statement: [Statement].flat().map((each) => ({ ...each, Resource: '*' })) });
}
