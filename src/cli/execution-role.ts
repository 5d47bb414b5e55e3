/** A role for functions that name none, on a server where a role has to exist. */
import { type Client, RefusedError } from './client.ts';
import { CommandError, exitCodes } from './exit.ts';

const name = 'lambent';
const logging = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** Its ARN. One that is there stays as it is; a new one may write logs and nothing else. */
export async function usualRole(client: Client): Promise<string> {
  try {
    return (await existing(client)) ?? (await made(client));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    throw new CommandError(
      exitCodes.refused,
      `Cannot make a role for the function; name one with --role: ${error.message}`,
    );
  }
}

/** The server does not take a role that nobody made, or not that of another account. */
export function wantsAnotherRole(error: unknown): boolean {
  return error instanceof RefusedError && /cannot be assumed by Lambda|Cross-account pass role/.test(error.message);
}

async function existing(client: Client): Promise<string | undefined> {
  try {
    return arnIn(await iam(client, 'GetRole', { RoleName: name }));
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'NoSuchEntity') return undefined;
    throw error;
  }
}

async function made(client: Client): Promise<string> {
  const answer = await iam(client, 'CreateRole', {
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify(trust),
    Description: 'What lambent deploy gives functions that name no role',
  });
  await iam(client, 'AttachRolePolicy', { RoleName: name, PolicyArn: logging });
  return arnIn(answer);
}

async function iam(client: Client, Action: string, input: Readonly<Record<string, string>>): Promise<string> {
  const form = new URLSearchParams({ Action, Version: '2010-05-08', ...input });
  const { body } = await client.call({
    method: 'POST',
    path: '/',
    service: 'iam',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
  });
  return body.toString();
}

function arnIn(answer: string): string {
  const arn = /<Arn>([^<]+)<\/Arn>/.exec(answer)?.[1];
  if (arn === undefined) throw new CommandError(exitCodes.data, 'The server did not answer with the ARN of a role');
  return arn;
}
