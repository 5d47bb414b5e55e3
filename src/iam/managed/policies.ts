/**
 * Policies that AWS manages, as far as functions, and who works with functions here, attach them. What they allow is
 * what AWS publishes of them; actions of services that this server does not have stand there without effect.
 */
import { documents } from './documents.ts';

export interface AwsPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly document: string;
}

/** AWS's policies are older than any account here; their own dates would say nothing. */
export const awsPolicyCreatedAt = Date.UTC(2015, 1, 6, 18, 40);

const byArn = new Map<string, AwsPolicy>();
for (const [place, Statement] of Object.entries(documents)) {
  const name = place.split('/').at(-1) ?? '';
  const path = `/${place.slice(0, -name.length)}`;
  const arn = `arn:aws:iam::aws:policy${path}${name}`;
  byArn.set(arn, { arn, name, path, document: JSON.stringify({ Version: '2012-10-17', Statement }) });
}

export const awsPolicies: readonly AwsPolicy[] = [...byArn.values()];

export function awsPolicy(arn: string): AwsPolicy | undefined {
  return byArn.get(arn);
}

export function managedDocument(arn: string): string | undefined {
  return byArn.get(arn)?.document;
}
