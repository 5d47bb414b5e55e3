/** What a session is begun with besides its role: policies that it may not go beyond, and tags. */
import type { AssumeRoleRequest } from '@aws-sdk/client-sts';
import type { Session } from '../../iam/keys.ts';
import { MalformedPolicy } from '../../iam/policy/malformed.ts';
import { policyOf } from '../../iam/policy/policy.ts';
import { parsedEntityArn } from '../../iam/records.ts';
import { invalid, malformedPolicy, packedTooLarge } from './errors.ts';

export interface SessionExtras {
  readonly session: Pick<Session, 'policy' | 'policyArns' | 'tags'>;
  readonly packedPercent: number | undefined;
}

const charactersMax = 2_048;
const policyArnsMax = 10;

export function sessionExtras({ Policy, PolicyArns = [], Tags = [] }: AssumeRoleRequest): SessionExtras {
  const arns = PolicyArns.map(({ arn = '' }) => arn);
  if (arns.length > policyArnsMax) throw invalid(`There can be ${policyArnsMax} policy ARNs for a session at most`);
  const wrong = arns.find((arn) => parsedEntityArn(arn)?.kind !== 'policy');
  if (wrong !== undefined) throw invalid(`ARN ${wrong} is not valid.`);
  if (Policy !== undefined) check(Policy);
  const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value] as const));
  const characters = (Policy ?? '').length + arns.join('').length + JSON.stringify(Tags).length - 2;
  const percent = Math.ceil((characters * 100) / charactersMax);
  if (percent > 100) throw packedTooLarge(percent);
  return {
    session: {
      policy: Policy,
      policyArns: arns.length === 0 ? undefined : arns,
      tags: Tags.length === 0 ? undefined : tags,
    },
    packedPercent: percent === 0 ? undefined : percent,
  };
}

function check(policy: string): void {
  try {
    policyOf(policy, 'identity');
  } catch (error) {
    if (error instanceof MalformedPolicy) throw malformedPolicy(error.message);
    throw error;
  }
}
