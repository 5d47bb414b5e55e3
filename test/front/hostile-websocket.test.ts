/** WebSockets of clients that keep to nothing: each loses its own, while others chat on. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { apisClient } from '../harness/apis.ts';
import { givesBack, held, meanwhile, said, startTarget, statusesIn, type Target } from '../harness/hostile.ts';

let target: Target;
let host: string;
before(async () => {
  target = await startTarget();
  host = await chat();
});
after(() => target[Symbol.asyncDispose]());

/** Everybody may connect, and gets an answer to every message. */
async function chat(): Promise<string> {
  const apis = apisClient(target.server.endpoint);
  const api = { Name: 'chat', ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' } as const;
  const { ApiId, ApiEndpoint = '' } = await apis.send(new CreateApiCommand(api));
  const IntegrationUri = 'arn:aws:lambda:us-east-1:000000000000:function:web';
  const proxy = { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri } as const;
  const { IntegrationId } = await apis.send(new CreateIntegrationCommand(proxy));
  const twoWay = { RouteKey: '$default', RouteResponseSelectionExpression: '$default' };
  const route = { ApiId, ...twoWay, Target: `integrations/${IntegrationId}` };
  const { RouteId } = await apis.send(new CreateRouteCommand(route));
  await apis.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  await apis.send(new CreateStageCommand({ ApiId, StageName: 'dev', AutoDeploy: true }));
  return new URL(ApiEndpoint).host;
}

const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
const version = 'Sec-WebSocket-Version: 13\r\n';
const key = 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
const asks = (headers: string, method = 'GET') => `${method} /dev HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`;

test('handshakes that lack something are refused', async () => {
  const lacking: readonly (readonly [what: string, headers: string, status: number, method?: string])[] = [
    ['a key', upgrade + version, 400],
    ['a good key', `${upgrade}${version}Sec-WebSocket-Key: short\r\n`, 400],
    ['a version', upgrade + key, 400],
    ['the version', `${upgrade}${key}Sec-WebSocket-Version: 8\r\n`, 400],
    ['GET', upgrade + version + key, 403, 'POST'],
    ['one host', `${upgrade}${version}${key}Host: evil.example\r\n`, 400],
  ];
  for (const [what, headers, status, method] of lacking) {
    const close = method === undefined ? '' : 'Content-Length: 0\r\nConnection: close\r\n';
    assert.deepEqual(statusesIn(await said(target.port, asks(headers + close, method))), [status], what);
  }
});

/** As a client sends it, with a mask that changes nothing. */
function frame(first: number, payload: Buffer | string = '', saysBytes?: bigint): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(14);
  head[0] = first;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(saysBytes ?? BigInt(bytes.length), 2);
  return Buffer.concat([head, bytes]);
}

const text = 0x81;
const begun = 0x01;
const goesOn = 0x00;
const ping = 0x89;
const times = (count: number, one: Buffer) => Buffer.concat(Array.from({ length: count }, () => one));
const piece = 'x'.repeat(30_000);

const broken: readonly (readonly [what: string, bytes: Buffer, code: number])[] = [
  ['a frame without a mask', Buffer.from([text, 1, 0x61]), 1002],
  ['reserved bits', frame(0xc1, 'a'), 1002],
  ['an unknown opcode', frame(0x83, 'a'), 1002],
  ['a fragment of nothing', frame(goesOn, 'a'), 1002],
  ['a ping that is too large', frame(ping, 'x'.repeat(126)), 1002],
  ['a frame that is too large', frame(text, 'x'.repeat(33_000)), 1009],
  ['a frame that says it is huge', frame(text, '', 1n << 62n), 1009],
  ['a message of many frames', Buffer.concat([frame(begun, piece), times(5, frame(goesOn, piece))]), 1009],
  ['a message of very many frames', Buffer.concat([frame(begun), times(140_000, frame(goesOn, 'a'))]), 1009],
  ['text that is none', frame(text, Buffer.from([0xff])), 1007],
];

test('frames that break the protocol close their WebSocket with its code', async () => {
  const before = await held(target);
  const codes = await chatting(() =>
    Promise.all(
      broken.map(async ([what, bytes]) => {
        const answer = await said(target.port, Buffer.concat([Buffer.from(asks(upgrade + version + key)), bytes]));
        assert.deepEqual(statusesIn(answer), [101], what);
        return [what, closeCode(answer)];
      }),
    ),
  );
  const wanted = broken.map(([what, , code]) => [what, code]);
  assert.deepEqual(codes, wanted);
  await givesBack(target, before);
});

/** Of what a server has said. */
function closeCode(answer: string): number {
  const at = answer.indexOf('\x88', answer.indexOf('\r\n\r\n'));
  return Buffer.from(answer, 'latin1').readUInt16BE(at + 2);
}

const floods: Readonly<Record<string, Buffer>> = {
  pings: times(1000, frame(ping, 'x'.repeat(125))),
  'empty fragments': Buffer.concat([frame(begun), times(1000, frame(goesOn)), frame(0x80)]),
  messages: times(1000, frame(text, 'a')),
};

test('floods of clients that do not read hold nobody up, and leave nothing behind', async () => {
  const before = await held(target);
  for (const [what, bytes] of Object.entries(floods)) {
    await chatting(() => flooded(bytes).catch((error) => assert.fail(`${what}: ${error.message}`)));
  }
  await givesBack(target, before);
});

/** As much as the server takes at once, at most thirty times over. */
async function flooded(bytes: Buffer): Promise<void> {
  const socket = connect(target.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write(asks(upgrade + version + key));
  let sent = true;
  for (let n = 0; n < 30 && sent; n += 1) sent = socket.write(bytes) || (await drains(socket));
  socket.destroy();
}

/** False when the server does not take more for now, which is what keeps its memory from filling. */
function drains(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), 500);
    socket.once('drain', () => {
      clearTimeout(late);
      resolve(true);
    });
  });
}

/** One WebSocket that behaves is answered meanwhile, as are others. */
async function chatting<T>(work: () => Promise<T>): Promise<T> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.port}/_lambent/apis/${host.slice(0, 10)}/dev`);
  const answered = () =>
    new Promise<void>((resolve, reject) => {
      socket.onmessage = () => resolve();
      socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
    });
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const result = await meanwhile(target, async () => {
    const done = await work();
    const answer = answered();
    socket.send('still there');
    await answer;
    return done;
  });
  socket.onclose = null;
  socket.close();
  return result;
}
