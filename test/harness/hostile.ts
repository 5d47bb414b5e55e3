/** A server with a function on the web, a client that behaves, and bytes that no client should send. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateApiCommand } from '@aws-sdk/client-apigatewayv2';
import { AddPermissionCommand, CreateFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { type Answered, apisClient, ask, askServer } from './apis.ts';
import { createFunction, lambdaClient } from './client.ts';
import { nodePackage } from './packages.ts';
import { type Server, startServer } from './server.ts';

const waitMsMax = 30_000;
const environmentsMax = 4;

/** Answers with what it was sent, and with which environment it is; slowly or at length if it is asked to. */
const code = `
const born = Math.random();
exports.handler = async ({ rawPath = '', body, isBase64Encoded, queryStringParameters: query = {} }) => {
  if (query.ms) await new Promise((resolve) => setTimeout(resolve, Number(query.ms)));
  if (query.bytes) return 'x'.repeat(Number(query.bytes));
  const bytes = body === undefined ? 0 : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').length;
  return { statusCode: 200, body: JSON.stringify({ rawPath, bytes, born }) };
};`;

export interface Target extends AsyncDisposable {
  readonly server: Server;
  readonly port: number;
  /** Of the function's URL, for the Host header. */
  readonly host: string;
  /** Of an HTTP API before it. */
  readonly apiEndpoint: string;
  /** Asks the function by its URL. */
  ask(path: string, body?: Buffer): Promise<Answered>;
}

export async function startTarget(flags: readonly string[] = []): Promise<Target> {
  const server = await startServer({ flags: ['--environments-max', String(environmentsMax), ...flags] });
  const lambda = lambdaClient(server.endpoint);
  await createFunction(lambda, { name: 'web', zip: nodePackage(code), Timeout: 20 });
  const permit = (input: object) =>
    lambda.send(
      new AddPermissionCommand({
        FunctionName: 'web',
        Principal: '*',
        Action: 'lambda:InvokeFunction',
        StatementId: 'all',
        ...input,
      }),
    );
  await permit({});
  await permit({ StatementId: 'url', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' });
  const url = { FunctionName: 'web', AuthType: 'NONE' } as const;
  const { FunctionUrl = '' } = await lambda.send(new CreateFunctionUrlConfigCommand(url));
  const Target = 'arn:aws:lambda:us-east-1:000000000000:function:web';
  const api = new CreateApiCommand({ Name: 'web', ProtocolType: 'HTTP', Target });
  const { ApiEndpoint = '' } = await apisClient(server.endpoint).send(api);
  const { host } = new URL(FunctionUrl);
  await warmUp(server, host);
  const port = Number(new URL(server.endpoint).port);
  return {
    server,
    port,
    host,
    apiEndpoint: ApiEndpoint,
    ask: (path, body) => askServer(port, path, { method: body ? 'POST' : 'GET', headers: { host }, body }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** Environments have files of their own, which are none of the clients'. */
async function warmUp({ endpoint }: Server, host: string): Promise<void> {
  const port = Number(new URL(endpoint).port);
  const calls = Array.from({ length: environmentsMax }, () => askServer(port, '/?ms=500', { headers: { host } }));
  for (const { status, text } of await Promise.all(calls)) assert.equal(status, 200, text);
}

/** Does something to a server while a client that behaves is served, again and again and once more at the end. */
export async function meanwhile<T>(target: Target, work: () => Promise<T>): Promise<T> {
  let busy = true;
  const all = Promise.resolve(work()).finally(() => {
    busy = false;
  });
  const served = async () => {
    for (let last = false; !last; ) {
      last = !busy;
      const { status, text } = await target.ask('/kept');
      assert.equal(status, 200, text);
      const api = await ask(target.apiEndpoint, '/kept');
      assert.equal(api.status, 200, api.text);
    }
  };
  const [result] = await Promise.all([all, served()]);
  return result;
}

/** What the server says until it closes the connection. */
export function said(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    );
    socket.setTimeout(waitMsMax, () => {
      socket.destroy();
      reject(new Error(`The connection is still open after ${waitMsMax} ms: ${Buffer.concat(chunks)}`));
    });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // A server that has refused does not read the rest.
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** The statuses of the answers in what a server has said. */
export function statusesIn(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

interface Held {
  readonly connections: number;
  readonly requests: number;
  readonly environments: number;
  readonly files: number;
}

/** What a server holds at this moment, the connection of this very question left out. */
export async function held({ server, port }: Target): Promise<Held> {
  const { text } = await askServer(port, '/_lambent/health', { headers: { host: 'localhost' } });
  const { connections, requests, environments } = JSON.parse(text);
  const files = readdirSync(`/proc/${server.pid}/fd`).length;
  return { connections: connections - 1, requests: requests - 1, environments, files };
}

/** Resolves once the server has given back what it had for its clients; environments stay for who comes next. */
export async function givesBack(target: Target, before: Held): Promise<void> {
  const endsAt = performance.now() + waitMsMax;
  for (;;) {
    const now = await held(target);
    if (now.connections <= before.connections && now.requests === 0 && now.files <= before.files + filesOfEnvironments)
      return;
    if (performance.now() > endsAt) assert.fail(`Not given back: ${JSON.stringify({ before, now })}`);
    await sleep(50);
  }
}

/** One that is replaced has some for a while; far fewer than there were connections. */
const filesOfEnvironments = 24;
