/** The official JavaScript SDK against a server of the test's own. */
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';

export const role = 'arn:aws:iam::000000000000:role/test';

export function lambdaClient(
  endpoint: string,
  credentials = { accessKeyId: 'test', secretAccessKey: 'test' },
): LambdaClient {
  return new LambdaClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

export interface NewFunction extends Partial<CreateFunctionCommandInput> {
  readonly name: string;
  readonly zip: Uint8Array;
  /** The SDK's waiter goes on asking a server that is gone. */
  readonly waitSecondsMax?: number;
}

/** Creates a function and waits until it is active. */
export async function createFunction(
  client: LambdaClient,
  { name, zip, waitSecondsMax = 120, ...more }: NewFunction,
): Promise<void> {
  await client.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs26.x',
      Handler: 'index.handler',
      Role: role,
      Code: { ZipFile: zip },
      ...more,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client, maxWaitTime: waitSecondsMax, minDelay: 0.05, maxDelay: 0.5 },
    { FunctionName: name },
  );
}

export interface Invoked {
  readonly status: number;
  readonly error?: string;
  /** Parsed JSON; undefined where there is none. */
  readonly payload: unknown;
  /** The last 4 KB of the log, where it was asked for. */
  readonly tail: string;
}

export async function invoke(
  client: LambdaClient,
  name: string,
  payload: unknown = {},
  more: Partial<InvokeCommandInput> = {},
): Promise<Invoked> {
  const answer = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)), LogType: 'Tail', ...more }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  return {
    status: answer.StatusCode ?? 0,
    error: answer.FunctionError,
    payload: text === '' ? undefined : JSON.parse(text),
    tail: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
  };
}
