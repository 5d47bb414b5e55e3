/** Roles for functions of servers where requests are signed. */
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { role as usualRole } from './client.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export function iamClient(endpoint: string, credentials: Credentials): IAMClient {
  return new IAMClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

export const lambdaTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

export interface NewRole {
  readonly name?: string;
  readonly attached?: readonly string[];
  readonly statements?: readonly object[];
  readonly trust?: string;
}

/** Answers its ARN; without a name it is the role that `createFunction` gives. */
export async function createRole(
  iam: IAMClient,
  { name = usualRole.split('/').at(-1) ?? '', attached = [basic], statements = [], trust = lambdaTrust }: NewRole = {},
): Promise<string> {
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
  for (const PolicyArn of attached) await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
  if (statements.length > 0) await iam.send(new PutRolePolicyCommand({ RoleName: name, ...policy(statements) }));
  return Role?.Arn ?? '';
}

export function policy(statements: readonly object[]) {
  return {
    PolicyName: 'own',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  };
}
