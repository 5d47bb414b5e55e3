/** Who is let in: signatures, web pages, and bytes that are no request at all. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { createFunction, invoke, lambdaClient } from '../harness/client.ts';
import { dice } from '../harness/dice.ts';
import { nodePackage } from '../harness/packages.ts';
import { createRole, iamClient } from '../harness/roles.ts';
import { type Server, startServer } from '../harness/server.ts';

const program = join(import.meta.dirname, '../../bin/lambent');
let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly errorType: string;
  readonly body: string;
}

function get(headers: Record<string, string>, path = '/2015-03-31/functions', method = 'GET'): Promise<Answer> {
  const { port } = new URL(server.endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => {
        const { 'content-type': type = '', 'x-amzn-errortype': errorType = '' } = response.headers;
        resolve({ status: response.statusCode ?? 0, type, errorType: String(errorType), body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('the open mode believes programs, and no web page', async () => {
  const host = new URL(server.endpoint).host;
  assert.equal((await get({ host })).status, 200);
  assert.equal((await get({ host: 'localhost:4566' })).status, 200);
  const foreign: Record<string, string>[] = [
    { host: 'evil.example:4566' },
    { host, origin: 'https://evil.example' },
    { host, 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign) {
    const { status, errorType } = await get(headers);
    assert.deepEqual([status, errorType.split(':')[0]], [403, 'AccessDeniedException'], JSON.stringify(headers));
  }
  const preflight = await get(
    { host, origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    '/',
    'OPTIONS',
  );
  assert.ok(preflight.status >= 400);
});

test('an operation that is not there names itself', async () => {
  const { status, body, type } = await get({ host: 'localhost' }, '/2025-11-30/capacity-providers');
  assert.deepEqual([status, type], [501, 'application/json']);
  assert.match(body, /ListCapacityProviders/);
});

test('signed mode takes keys of its own and sessions of its functions, and nothing else', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lambent-signed-'));
  try {
    const made = JSON.parse(
      execFileSync(program, ['keys', 'create', '--data', dataDir, '--json'], { encoding: 'utf8' }),
    );
    const key = {
      accessKeyId: made.accessKeyId ?? made.AccessKeyId,
      secretAccessKey: made.secretAccessKey ?? made.SecretAccessKey,
    };
    await using signed = await startServer({ dataDir, flags: ['--auth', 'signed'] });
    await createRole(iamClient(signed.endpoint, key));
    const client = lambdaClient(signed.endpoint, key);
    await createFunction(client, { name: 'f', zip: nodePackage('exports.handler = async () => 1;') });
    assert.equal((await invoke(client, 'f')).payload, 1);
    const wrongSecret = lambdaClient(signed.endpoint, { ...key, secretAccessKey: 'wrong' });
    await assert.rejects(wrongSecret.send(new ListFunctionsCommand({})), { name: 'InvalidSignatureException' });
    const unknown = lambdaClient(signed.endpoint, { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' });
    await assert.rejects(unknown.send(new ListFunctionsCommand({})), { name: 'UnrecognizedClientException' });
    const unsigned = await fetch(`${signed.endpoint}/2015-03-31/functions`);
    assert.equal(unsigned.status, 403);
    execFileSync(program, ['keys', 'delete', key.accessKeyId, '--data', dataDir]);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await assert.rejects(client.send(new ListFunctionsCommand({})), { name: 'UnrecognizedClientException' });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

/** Sends bytes as they are, and returns what came back until the connection closed or fell silent. */
function raw(bytes: Buffer, { thenEnd = false } = {}): Promise<string> {
  const { port } = new URL(server.endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    // Node.js answers nothing more to who has said goodbye, so only those do whose bytes are no whole request.
    if (thenEnd) socket.end();
    let said = '';
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
}

const scope = 'Credential=test/20261124/us-east-1';
const bodies = [
  '',
  '{',
  '{"FunctionName":1}',
  '[]',
  'null',
  '"x"',
  '{"Code":{"ZipFile":"%%%"}}',
  'Action=',
  '<a>',
  '\u0000',
];
const targets = ['Logs_20140328.GetLogEvents', 'Logs_20140328.Nothing', 'Nobody.Nothing', '', 'AmazonSQS.SendMessage'];
const paths = [
  '/',
  '/2015-03-31/functions',
  '/2015-03-31/functions/%ff%00/invocations',
  '/2015-03-31/functions/x/invocations?Qualifier=%',
  '/2015-03-31/functions/../../etc/passwd',
  '/2017-03-31/tags/arn%3Aaws',
  '/service/Nothing/operation/None',
  '/_lambent/code/../../lambent.db',
  '/bucket/key',
  `/${'x'.repeat(5000)}`,
];

test('whatever comes, the answer has the shape of AWS and the server goes on', async () => {
  const roll = dice(20_261_123);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T; // never empty
  for (let n = 0; n < 400; n += 1) {
    const body = pick(bodies).repeat(roll() < 0.1 ? 2000 : 1);
    const service = pick(['lambda', 'logs', 'sts', 's3', 'sqs', 'nothing']);
    const lines = [
      `${pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])} ${pick(paths)} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(roll() < 0.5
        ? [`Authorization: AWS4-HMAC-SHA256 ${scope}/${service}/aws4_request, SignedHeaders=host, Signature=00`]
        : []),
      ...(roll() < 0.3 ? [`X-Amz-Target: ${pick(targets)}`] : []),
      ...(roll() < 0.3
        ? [
            `Content-Type: ${pick(['application/x-amz-json-1.1', 'application/x-www-form-urlencoded', 'application/cbor', 'text/html'])}`,
          ]
        : []),
      ...(roll() < 0.1 ? ['Content-Encoding: gzip'] : []),
      ...(roll() < 0.1 ? ['Smithy-Protocol: rpc-v2-cbor'] : []),
    ];
    const said = await raw(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`));
    const seen = `${n}: ${lines.join(' | ').slice(0, 300)} ${body.slice(0, 40)} → ${said.slice(0, 300)}`;
    assert.match(said, /^HTTP\/1\.1 \d{3} /, seen);
    assert.doesNotMatch(said, /^HTTP\/1\.1 500/, seen);
    assert.doesNotMatch(said, /<html/i, seen);
  }
  for (let n = 0; n < 100; n += 1) {
    const noise = Buffer.from(Array.from({ length: Math.floor(roll() * 400) }, () => Math.floor(roll() * 256)));
    const said = await raw(noise, { thenEnd: true });
    assert.ok(
      said === '' || said.startsWith('HTTP/1.1 4'),
      `${noise.toString('hex').slice(0, 100)} → ${said.slice(0, 100)}`,
    );
  }
  assert.equal((await get({ host: 'localhost' })).status, 200);
});

test('headers without end and bodies without end are cut off', async () => {
  const endless = await raw(Buffer.from(`GET / HTTP/1.1\r\nHost: localhost\r\n${'X-A: b\r\n'.repeat(50_000)}`));
  assert.match(endless, /^HTTP\/1\.1 431 /);
  const large = Buffer.from(
    'POST /2015-03-31/functions/f/invocations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 80000000\r\n\r\n',
  );
  const said = await raw(Buffer.concat([large, Buffer.alloc(80_000_000, 'x')]));
  assert.match(said, /^HTTP\/1\.1 413 /);
});
