import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, test } from 'node:test';
import { systemClock } from '../../../base/clock.ts';
import { systemRandom } from '../../../base/random.ts';
import { createRuntimeApi } from '../runtime-api/server.ts';
import { Telemetry } from '../telemetry-api/telemetry.ts';
import { Extensions, type ExtensionsEvent } from './extensions.ts';

const api = createRuntimeApi();
const doors = createServer((socket) => api.accept(socket, 'env'));
doors.listen(0, '127.0.0.1');
await once(doors, 'listening');
const base = `http://127.0.0.1:${(doors.address() as AddressInfo).port}/2020-01-01/extension`;
after(() => doors.close());

function opened(...external: string[]) {
  const told: ExtensionsEvent[] = [];
  const facts = { functionName: 'f', functionVersion: '1', handler: 'h', accountId: '000000000000' };
  const tell = (event: ExtensionsEvent) => void told.push(event);
  const extensions = new Extensions({
    external,
    facts,
    random: systemRandom,
    telemetry: new Telemetry(systemClock),
    tell,
  });
  api.extensions('env', extensions);
  return { extensions, told };
}

async function call(path: string, headers: Record<string, string> = {}, body?: string) {
  const method = path === '/event/next' ? 'GET' : 'POST';
  const answer = await fetch(base + path, { method, headers: { connection: 'close', ...headers }, body });
  const text = await answer.text();
  const identifier = answer.headers.get('lambda-extension-identifier') ?? '';
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), identifier };
}

const register = (name: string, events: unknown) =>
  call('/register', { 'Lambda-Extension-Name': name }, JSON.stringify({ events }));

test('an extension registers, waits, sees an event, waits again, and hears of the end', async () => {
  const { extensions, told } = opened('outer');
  const { status, body, identifier } = await register('outer', ['INVOKE', 'SHUTDOWN']);
  assert.deepEqual([status, body], [200, { functionName: 'f', functionVersion: '1', handler: 'h' }]);
  await extensions.registered;
  const me = { 'Lambda-Extension-Identifier': identifier };
  const first = call('/event/next', me);
  while (!extensions.idle) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    told.map(({ type }) => type),
    ['extension-state', 'extensions-idle'],
  );
  extensions.invoke({ deadlineMs: 5, requestId: 'id', invokedArn: 'arn', traceHeader: 'Root=1-x' });
  assert.equal(extensions.idle, false);
  assert.deepEqual((await first).body, {
    eventType: 'INVOKE',
    deadlineMs: 5,
    requestId: 'id',
    invokedFunctionArn: 'arn',
    tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1-x' },
  });
  extensions.shutdown('spindown', 9);
  assert.deepEqual((await call('/event/next', me)).body, {
    eventType: 'SHUTDOWN',
    shutdownReason: 'spindown',
    deadlineMs: 9,
  });
  extensions.close();
});

const unknown = '00000000-0000-4000-8000-000000000000';
const refusals: [name: string, path: string, headers: Record<string, string>, body: string, error: string][] = [
  ['without a name', '/register', {}, '{"events":[]}', '403 Extension.InvalidExtensionName'],
  ['with no JSON', '/register', { 'Lambda-Extension-Name': 'x' }, 'no', '400 InvalidRequestFormat'],
  [
    'for what is no event',
    '/register',
    { 'Lambda-Extension-Name': 'x' },
    '{"events":["A"]}',
    '403 Extension.InvalidEventType',
  ],
  ['without an identifier', '/exit/error', {}, '{}', '403 Extension.MissingExtensionIdentifier'],
  [
    'with what is no identifier',
    '/exit/error',
    { 'Lambda-Extension-Identifier': 'x' },
    '{}',
    '403 Extension.InvalidExtensionIdentifier',
  ],
  [
    'as nobody',
    '/init/error',
    { 'Lambda-Extension-Identifier': unknown },
    '{}',
    '403 Extension.UnknownExtensionIdentifier',
  ],
];
for (const [name, path, headers, body, error] of refusals) {
  test(`a call ${name} is refused`, async () => {
    const { extensions } = opened();
    const answer = await call(path, headers, body);
    assert.equal(`${answer.status} ${answer.body.errorType}`, error);
    extensions.close();
  });
}

test('an internal extension may not shut down, come twice or come late', async () => {
  const { extensions } = opened();
  assert.equal((await register('inner', ['SHUTDOWN'])).body.errorType, 'Extension.InvalidEventType');
  const { identifier } = await register('inner', ['INVOKE']);
  assert.equal((await register('inner', ['INVOKE'])).body.errorType, 'Extension.InvalidExtensionState');
  const me = { 'Lambda-Extension-Identifier': identifier };
  assert.equal((await call('/exit/error', me, '{}')).body.errorType, 'Extension.MissingHeader');
  extensions.closeRegistration();
  assert.equal((await register('late', ['INVOKE'])).body.errorType, 'Extension.RegistrationClosed');
  extensions.close();
});

test('what fails is told once, whether it says so or just ends', async () => {
  const { extensions, told } = opened('one', 'two', 'three');
  const { identifier } = await register('one', []);
  const headers = { 'Lambda-Extension-Identifier': identifier, 'Lambda-Extension-Function-Error-Type': 'Extension.My' };
  assert.equal((await call('/init/error', headers, '{}')).status, 202);
  extensions.exited('one', { status: 1, text: 'exit status 1' });
  extensions.exited('two', { status: 127, text: 'exit status 127' });
  await register('three', []);
  extensions.exited('three', { status: 127, text: 'exit status 127' });
  const failures = told.filter((event) => event.type === 'extension-failed');
  assert.deepEqual(
    failures.map(({ errorType, message }) => `${errorType} ${message}`),
    ['Extension.InitError Extension.My', 'Extension.LaunchError exit status 127', 'Extension.Crash exit status 127'],
  );
  extensions.close();
  await assert.rejects(extensions.registered, /ended before its extensions had registered/);
});
