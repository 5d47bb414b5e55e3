import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RuntimeEvent } from '../../environments/link.ts';
import { bootstrapFolder } from '../bootstrap-folder.ts';
import { converse } from '../conversation.ts';
import type { InstalledRuntime } from '../runtime.ts';

const task = join(import.meta.dirname, '../../../../test/fixtures/nodejs');
const environment = {
  AWS_LAMBDA_FUNCTION_NAME: 'f',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
};

/** The Node.js that runs this test, and the machine's own where that is an older one. */
const here: InstalledRuntime = {
  id: 'nodejs26.x',
  wire: 'framed',
  generic: true,
  mounts: [{ source: bootstrapFolder('nodejs'), target: '/var/runtime' }],
  command: [process.execPath, '{/var/runtime}/index.cjs'],
  environment: { PATH: '/usr/bin:/bin' },
  coldVariables: [],
};
const olderNode = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => join(folder, 'node'))
  .find((path) => existsSync(path) && lineOf(path) < 24);
const older: InstalledRuntime = { ...here, id: 'older', command: [olderNode ?? '', '{/var/runtime}/index.cjs'] };

function lineOf(path: string): number {
  return Number(/v(\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[1]);
}

async function run(handler: string, payload: unknown = {}, runtime = here) {
  await using conversation = await converse(runtime);
  const ready = await conversation.assign(handler, task, environment);
  const answer = ready.type === 'ready' ? await conversation.invoke(payload) : ready;
  return { answer, shown: shown(answer), logs: conversation.logs, raw: conversation.raw() };
}

function shown(event: RuntimeEvent): unknown {
  if (event.type === 'response') return JSON.parse(event.payload.toString());
  if (event.type !== 'error' && event.type !== 'init-error') return event;
  const { trace: _trace, ...rest } = JSON.parse(event.body.toString());
  return { [event.type]: rest, fatal: 'fatal' in event ? event.fatal : undefined };
}

const error = (errorType: string, errorMessage: string, fatal?: boolean) => ({
  error: { errorType, errorMessage },
  fatal,
});
const initError = (errorType: string, errorMessage: string) => ({
  'init-error': { errorType, errorMessage },
  fatal: undefined,
});

const cases: [handler: string, payload: unknown, expected: unknown][] = [
  ['index.echo', { a: [1, 'é'] }, { a: [1, 'é'] }],
  ['index.nested.deeply.echo', 1, 1],
  ['module.handler', 2, { module: 2 }],
  ['index.returnsNothing', {}, null],
  ['index.throws', {}, error('RangeError', 'out of range')],
  ['index.rejects', {}, error('Error', 'rejected')],
  ['index.throwsAString', {}, error('string', 'just text')],
  ['index.returnsACircle', {}, error('Runtime.JSONStringifyError', 'Unable to stringify response body')],
  ['index.throwsLater', {}, error('Error', 'thrown from a timer', true)],
  ['index.rejectsLater', {}, error('Runtime.UnhandledPromiseRejection', 'Error: nobody caught this', true)],
  ['index.missing', {}, initError('Runtime.HandlerNotFound', 'index.missing is undefined or not exported')],
  ['index.notAFunction', {}, initError('Runtime.HandlerNotFound', 'index.notAFunction is not a function')],
  ['noDot', {}, initError('Runtime.MalformedHandlerName', 'Bad handler')],
];

for (const [handler, payload, expected] of cases) {
  test(`Node.js answers ${handler}`, async () => assert.deepEqual((await run(handler, payload)).shown, expected));
}

test('Node.js says which module is missing, and which does not parse', async () => {
  assert.match(JSON.stringify((await run('absent.handler')).shown), /ImportModuleError.*Cannot find module 'absent'/);
  assert.match(JSON.stringify((await run('broken.handler')).shown), /UserCodeSyntaxError/);
});

test('Node.js 24 and newer refuse callback handlers', async () => {
  assert.match(JSON.stringify((await run('index.callsBack')).shown), /Runtime\.CallbackHandlerDeprecated/);
});

test('older lines call back', {
  skip: olderNode === undefined ? 'no older Node.js on this machine' : false,
}, async () => {
  assert.deepEqual((await run('index.callsBack', 1, older)).shown, { called: 1 });
  assert.deepEqual((await run('index.callsBackWithError', 1, older)).shown, error('Error', 'called back'));
  assert.equal((await run('index.callsBackAndLeavesATimer', 1, older)).shown, 'done');
  assert.deepEqual((await run('module.handler', 2, older)).shown, { module: 2 });
});

test('console lines carry time, request and level; newlines stay in one event', async () => {
  const { logs } = await run('index.logs', { lines: 3 });
  assert.equal(logs.length, 3);
  assert.match(logs[2] ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trequest-1\tINFO\tline 2$/);
});

test('an error is logged as AWS logs it', async () => {
  const { logs } = await run('index.throws');
  assert.match(
    logs[0] ?? '',
    /\trequest-1\tERROR\tInvoke Error \t{"errorType":"RangeError","errorMessage":"out of range","stack":\[/,
  );
});

test('a hundred thousand lines are all there', async () => {
  const { logs, shown: lines } = await run('index.logs', { lines: 100_000 });
  assert.equal(lines, 100_000);
  assert.equal(logs.length, 100_000);
  assert.match(logs.at(-1) ?? '', /line 99999$/);
});

test('what was logged before an endless loop is not lost', async () => {
  await using conversation = await converse(here);
  await conversation.assign('index.loopsForEver', task, environment);
  void conversation.invoke({});
  while (conversation.logs.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.match(conversation.logs[0] ?? '', /about to loop/);
});

test('exit codes and signals reach the outside', async () => {
  for (const [handler, expected] of [
    ['index.exitsWith3', 3],
    ['index.exitsWith0', 0],
    ['index.killsItself', 'SIGKILL'],
  ] as const) {
    await using conversation = await converse(here);
    await conversation.assign(handler, task, environment);
    void conversation.invoke({});
    assert.equal(await conversation.exited, expected);
  }
});

test('six megabytes go both ways, and more is reported as too large', async () => {
  await using conversation = await converse(here);
  await conversation.assign('index.echo', task, environment);
  const text = 'x'.repeat(6_000_000);
  assert.equal(shown(await conversation.invoke(text)), text);
  await using other = await converse(here);
  await other.assign('index.answersBytes', task, environment);
  assert.deepEqual(await other.invoke({ bytes: 7_000_000 }), { type: 'response-too-large', bytes: 7_000_002 });
  assert.equal(shown(await other.invoke({ bytes: 3 })), 'xxx');
});

test('the context holds what AWS says', async () => {
  await using conversation = await converse(here);
  await conversation.assign('index.context', task, environment);
  const answer = await conversation.invoke({}, { clientContext: '{"custom":{"k":"v"}}', traceHeader: 'Root=1-x' });
  const context = shown(answer) as Record<string, unknown>;
  assert.equal(context.awsRequestId, 'request-1');
  assert.equal(context.memoryLimitInMB, '128');
  assert.deepEqual(context.clientContext, { custom: { k: 'v' } });
  assert.equal(context.xRayTraceId, 'Root=1-x');
  assert.ok(Number(context.remaining) > 2_000);
});

test('a handler does not see our variables', async () => {
  const environmentSeen = (await run('index.environment')).shown as Record<string, string>;
  assert.deepEqual(
    Object.keys(environmentSeen).filter((name) => name.startsWith('LAMBENT')),
    [],
  );
  assert.equal(environmentSeen.AWS_LAMBDA_FUNCTION_NAME, 'f');
});

test('each event has its own trace header, and no variable of the C library is left behind', async () => {
  await using conversation = await converse(here);
  await conversation.assign('index.traceVariable', task, environment);
  const seen = async (payload: object, traceHeader: string) =>
    shown(await conversation.invoke(payload, { traceHeader }));
  assert.deepEqual(await seen({}, 'Root=1-a'), { found: 'Root=1-a', left: 'Root=1-a', kept: false });
  assert.deepEqual(await seen({ leaves: 'own' }, 'Root=1-b'), { found: 'Root=1-b', left: 'own', kept: true });
  assert.deepEqual(await seen({}, 'Root=1-c'), { found: 'Root=1-c', left: 'Root=1-c', kept: false });
});
