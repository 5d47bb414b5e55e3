/** The server with a certificate, as real clients meet it: everything over HTTPS, functions inside as ever. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type TestCertificate, testCertificate } from '../../src/ingress/tls/testing/certificate.ts';
import { createFunction, invoke } from '../harness/client.ts';
import { nodePackage } from '../harness/packages.ts';
import { boto3Python } from '../harness/python.ts';
import { failToStart, type Server, startServer } from '../harness/server.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, '../../bin/lambent');
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const accountId = '000000000000';

/** Asks the server from inside, with what functions are given. */
const source = nodePackage(`
exports.handler = async (event) => {
  if (event.requestContext?.eventType === 'CONNECT') return { statusCode: 200 };
  if (event.requestContext?.eventType === 'MESSAGE') return { statusCode: 200, body: 'got ' + event.body };
  if (event.requestContext?.http) return event;
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const answer = await fetch(endpoint + '/_lambent/health');
  return { scheme: new URL(endpoint).protocol, health: (await answer.json()).status };
};`);

let files: TestCertificate;
let server: Server;
let lambda: LambdaClient;
const ca = () => readFileSync(files.cert);
const sdk = () => ({
  ...{ endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 },
  requestHandler: { httpsAgent: new Agent({ ca: ca() }) },
});
const port = () => new URL(server.endpoint).port;
const tlsFlags = () => ['--tls-cert', files.cert, '--tls-key', files.key];
const env = () => ({
  ...{ PATH: '/usr/bin:/bin', HOME: '/nonexistent', AWS_DEFAULT_REGION: 'us-east-1', AWS_PAGER: '' },
  ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: server.endpoint },
  AWS_CA_BUNDLE: files.cert,
});

before(async () => {
  files = testCertificate();
  server = await startServer({ flags: tlsFlags() });
  lambda = new LambdaClient(sdk());
  await createFunction(lambda, { name: 'web', zip: source });
});

after(async () => {
  await server[Symbol.asyncDispose]();
  files[Symbol.dispose]();
});

/** `*.localhost` is this machine, whatever its resolver thinks. */
function ask(url: string): Promise<{ status: number; text: string }> {
  const { host, hostname, pathname } = new URL(url);
  const servername = isIP(hostname) === 0 ? hostname : 'localhost';
  const where = { host: '127.0.0.1', port: port(), servername, path: pathname, headers: { host }, ca: ca() };
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...where, agent: false }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

test('what the server prints and returns says https', async () => {
  assert.match(server.endpoint, /^https:\/\/127\.0\.0\.1:\d+$/);
  const { QueueUrl } = await new SQSClient(sdk()).send(new CreateQueueCommand({ QueueName: 'q' }));
  assert.equal(QueueUrl, `${server.endpoint}/${accountId}/q`);
  const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName: 'web' }));
  assert.match(Code?.Location ?? '', /^https:\/\//);
  assert.equal((await ask(Code?.Location ?? '')).status, 403, 'the link without its query');
});

test('a function inside calls the server over the endpoint that it is given, in plain HTTP', async () => {
  const { payload } = await invoke(lambda, 'web');
  assert.deepEqual(payload, { scheme: 'http:', health: 'ok' });
});

test('a function URL is called over HTTPS, and hears so', async () => {
  const url = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'web', AuthType: 'NONE' }));
  for (const [StatementId, Action] of [
    ['url', 'lambda:InvokeFunctionUrl'],
    ['call', 'lambda:InvokeFunction'],
  ]) {
    const condition =
      StatementId === 'url' ? { FunctionUrlAuthType: 'NONE' as const } : { InvokedViaFunctionUrl: true };
    const permission = { FunctionName: 'web', StatementId, Action, Principal: '*', ...condition };
    await lambda.send(new AddPermissionCommand(permission));
  }
  assert.match(url.FunctionUrl ?? '', /^https:\/\/\w{32}\.lambda-url\.us-east-1\.localhost:\d+\/$/);
  const { status, text } = await ask(`${url.FunctionUrl}a`);
  assert.equal(status, 200, text);
  const { headers } = JSON.parse(text);
  assert.equal(headers['x-forwarded-proto'], 'https');
  assert.equal(headers['x-forwarded-port'], port());
  assert.match(headers['x-amzn-tls-version'], /^TLSv1\.[23]$/);
  assert.match(headers['x-amzn-tls-cipher-suite'], /^[A-Z0-9_-]+$/);
});

test('a WebSocket API is wss, and its messages come and go', async () => {
  const apis = new ApiGatewayV2Client(sdk());
  const selection = '$request.body.action';
  const { ApiId, ApiEndpoint = '' } = await apis.send(
    new CreateApiCommand({ Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: selection }),
  );
  assert.match(ApiEndpoint, /^wss:\/\/\w{10}\.execute-api\.us-east-1\.localhost:\d+$/);
  const integration = { ApiId, IntegrationType: 'AWS_PROXY' as const, IntegrationMethod: 'POST' };
  const arn = `arn:aws:lambda:us-east-1:${accountId}:function:web`;
  const { IntegrationId } = await apis.send(
    new CreateIntegrationCommand({
      ...integration,
      IntegrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
    }),
  );
  for (const RouteKey of ['$connect', '$default']) {
    const answered = RouteKey === '$default' ? { RouteResponseSelectionExpression: '$default' } : {};
    const route = { ApiId, RouteKey, Target: `integrations/${IntegrationId}`, ...answered };
    const { RouteId } = await apis.send(new CreateRouteCommand(route));
    await apis.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  }
  await apis.send(new CreateStageCommand({ ApiId, StageName: 'dev', AutoDeploy: true }));
  const source = `arn:aws:execute-api:us-east-1:${accountId}:${ApiId}/*`;
  const principal = { Principal: 'apigateway.amazonaws.com', SourceArn: source };
  const permission = { FunctionName: 'web', StatementId: 'chat', Action: 'lambda:InvokeFunction', ...principal };
  await lambda.send(new AddPermissionCommand(permission));
  // The WebSocket of Node.js believes the authorities of its process: so it gets one of its own.
  const script = `
    const socket = new WebSocket(process.argv[1]);
    socket.onopen = () => socket.send('hello');
    socket.onerror = (event) => { console.log('error', event.message); process.exit(1); };
    socket.onmessage = ({ data }) => { console.log(data); socket.close(); };`;
  const url = `wss://127.0.0.1:${port()}/_lambent/apis/${ApiId}/dev`;
  const options = { env: { NODE_EXTRA_CA_CERTS: files.cert }, timeout: 30_000 };
  assert.equal((await run(process.execPath, ['-e', script, url], options)).stdout.trim(), 'got hello');
});

describe('clients', () => {
  test('the AWS CLI', { skip: existsSync('/usr/bin/aws') ? false : 'no AWS CLI' }, async () => {
    const args = ['--endpoint-url', server.endpoint, 'lambda', 'list-functions', '--query', 'Functions[].FunctionName'];
    const { stdout } = await run('/usr/bin/aws', args, { env: env() });
    assert.deepEqual(JSON.parse(stdout), ['web']);
  });

  const python = boto3Python();
  test('boto3', { skip: python === undefined ? 'no boto3' : false }, async () => {
    const script = `
import boto3, sys
client = boto3.client("lambda", endpoint_url=sys.argv[1], verify=sys.argv[2])
print(client.list_functions()["Functions"][0]["FunctionName"])`;
    const { stdout } = await run(python ?? '', ['-c', script, server.endpoint, files.cert], { env: env() });
    assert.equal(stdout.trim(), 'web');
  });

  test('curl, by HTTP/2 and by HTTP/1.1', { skip: existsSync('/usr/bin/curl') ? false : 'no curl' }, async () => {
    const curl = async (...words: string[]) => {
      const args = ['--silent', '--show-error', '--cacert', files.cert, ...words, `${server.endpoint}/_lambent/health`];
      return (await run('/usr/bin/curl', args)).stdout;
    };
    assert.match(await curl('--http2', '--write-out', ' %{http_version}'), /"status":"ok".* 2$/);
    assert.match(await curl('--http1.1', '--write-out', ' %{http_version}'), /"status":"ok".* 1\.1$/);
  });

  test('lambent itself, which says whom it does not believe', async () => {
    const { stdout } = await run(program, ['status'], { env: env() });
    assert.match(stdout, /https:\/\//);
    const unbelieving = run(program, ['status'], { env: { ...env(), AWS_CA_BUNDLE: '' } });
    await assert.rejects(unbelieving, { code: 69, stderr: /AWS_CA_BUNDLE/ });
  });
});

test('SIGHUP takes a renewed certificate', async () => {
  const shown = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connectTls({ host: '127.0.0.1', port: Number(port()), rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      });
      socket.on('error', reject);
    });
  const before = await shown();
  files.renew();
  process.kill(server.pid, 'SIGHUP');
  let now = before;
  // It comes when the server has come to it.
  while (now === before) now = await shown();
  const { stdout } = await run(program, ['status'], { env: env() });
  assert.match(stdout, /ok/);
});

test('functions that are plain processes reach the server too', async () => {
  await using other = await startServer({ flags: [...tlsFlags(), '--sandbox', 'process'] });
  const client = new LambdaClient({ ...sdk(), endpoint: other.endpoint });
  await createFunction(client, { name: 'web', zip: source });
  const { payload } = await invoke(client, 'web');
  assert.deepEqual(payload, { scheme: 'http:', health: 'ok' });
});

test('a start with a wrong file ends with what is wrong, before anything is opened', async () => {
  writeFileSync(join(files.folder, 'empty'), '');
  const start = (cert: string, key: string) => failToStart(['up', '--port', '0', '--tls-cert', cert, '--tls-key', key]);
  const missing = await start(join(files.folder, 'none'), files.key);
  assert.equal(missing.code, 78, missing.said);
  assert.match(missing.said, /Cannot read the certificate \S+: there is no such file.*\[certificate\]/s);
  const alone = await failToStart(['up', '--port', '0', '--tls-cert', files.cert]);
  assert.equal(alone.code, 78, alone.said);
  assert.match(alone.said, /Cannot use --tls-cert alone: give --tls-key too/);
});
