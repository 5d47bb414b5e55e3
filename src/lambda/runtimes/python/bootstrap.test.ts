import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RuntimeEvent } from '../../environments/link.ts';
import { converse } from '../conversation.ts';
import type { InstalledRuntime } from '../runtime.ts';
import { Interpreters } from './interpreters.ts';
import { pythonRuntime } from './runtime.ts';

const task = join(import.meta.dirname, '../../../../test/fixtures/python');
const environment = { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128', TZ: ':UTC' };

const interpreters = new Interpreters([]);
const runtimes = [8, 9, 10, 11, 12, 13, 14].map((minor) => pythonRuntime(minor, interpreters));
const present = runtimes.filter((runtime) => runtime.availability().available);
const installed = await Promise.all(
  present.map((runtime) => runtime.install({ signal: new AbortController().signal, progress() {} })),
);

async function run(runtime: InstalledRuntime, handler: string, payload: unknown = {}) {
  await using conversation = await converse(runtime);
  const ready = await conversation.assign(handler, task, environment);
  const answer = ready.type === 'ready' ? await conversation.invoke(payload) : ready;
  return { shown: shown(answer), stack: stackOf(answer), logs: conversation.logs, raw: conversation.raw() };
}

function shown(event: RuntimeEvent): unknown {
  if (event.type === 'response') return JSON.parse(event.payload.toString());
  if (event.type !== 'error' && event.type !== 'init-error') return event;
  const { stackTrace: _stack, ...rest } = JSON.parse(event.body.toString());
  return { [event.type]: rest };
}

function stackOf(event: RuntimeEvent): string[] {
  return event.type === 'error' || event.type === 'init-error' ? JSON.parse(event.body.toString()).stackTrace : [];
}

const error = (errorType: string, errorMessage: string) => ({
  error: { errorMessage, errorType, requestId: 'request-1' },
});
const initError = (errorType: string, errorMessage: string) => ({
  'init-error': { errorMessage, errorType, requestId: '' },
});

const cases: [handler: string, payload: unknown, expected: unknown][] = [
  ['app.echo', { a: [1, 'é'] }, { a: [1, 'é'] }],
  ['app.returns_nothing', {}, null],
  ['app.throws', {}, error('ValueError', 'no such value')],
  [
    'app.returns_a_set',
    {},
    error('Runtime.MarshalError', 'Unable to marshal response: Object of type set is not JSON serializable'),
  ],
  ['app.missing', {}, initError('Runtime.HandlerNotFound', "Handler 'missing' missing on module 'app'")],
  [
    'absent.handler',
    {},
    initError('Runtime.ImportModuleError', "Unable to import module 'absent': No module named 'absent'"),
  ],
  [
    'nodot',
    {},
    initError('Runtime.MalformedHandlerName', "Bad handler 'nodot': not enough values to unpack (expected 2, got 1)"),
  ],
  ['sys.exit', {}, initError('Runtime.BuiltInModuleConflict', 'Cannot use built-in module sys as a handler module')],
];

test('this machine has a Python', () => assert.ok(present.length > 0, interpreters.lookedIn('3.11')));

for (const runtime of installed) {
  for (const [handler, payload, expected] of cases) {
    test(`${runtime.id} answers ${handler}`, async () => {
      assert.deepEqual((await run(runtime, handler, payload)).shown, expected);
    });
  }

  test(`${runtime.id} shows the function's own part of the stack`, async () => {
    const { stack, logs } = await run(runtime, 'app.throws');
    assert.equal(stack.length, 1);
    assert.match(
      stack[0] ?? '',
      /^ {2}File ".*app\.py", line \d+, in throws\n {4}raise ValueError\("no such value"\)\n/,
    );
    assert.match(
      logs[0] ?? '',
      /^\[ERROR\] ValueError: no such value\rTraceback \(most recent call last\):\r\u00a0\u00a0File/,
    );
  });

  test(`${runtime.id} names the file that does not parse`, async () => {
    assert.match(
      JSON.stringify((await run(runtime, 'broken.handler')).shown),
      /Syntax error in module 'broken': invalid syntax \(broken\.py, line 1\).*UserCodeSyntaxError/,
    );
  });

  test(`${runtime.id} logs through logging and print`, async () => {
    const { logs } = await run(runtime, 'app.uses_logging');
    assert.match(logs[0] ?? '', /^\[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trequest-1\tinformed$/);
    assert.match(logs[1] ?? '', /^\[WARNING\]\t.*\twarned$/);
    const { raw } = await run(runtime, 'app.logs', { lines: 1000 });
    assert.equal(raw.split('\n').length, 1001);
  });

  test(`${runtime.id} fills the context`, async () => {
    await using conversation = await converse(runtime);
    await conversation.assign('app.context', task, environment);
    const context = shown(await conversation.invoke({}, { clientContext: '{"custom":{"k":"v"}}' }));
    assert.ok(typeof context === 'object' && context !== null && 'remaining' in context && 'custom' in context);
    assert.deepEqual(context.custom, { k: 'v' });
    assert.ok(Number(context.remaining) > 2_000);
  });
}

test("the function's own PYTHONPATH counts behind its code and layers, told late or from the start", async () => {
  const [runtime] = installed;
  assert.ok(runtime);
  const own = { PYTHONPATH: `/own/modules:${join(task, 'more')}` };
  for (const started of [runtime, { ...runtime, environment: { ...runtime.environment, ...own } }]) {
    await using conversation = await converse(started);
    await conversation.assign('app.interpreter', task, { ...environment, ...own });
    const answer = shown(await conversation.invoke({}));
    assert.ok(typeof answer === 'object' && answer !== null && 'paths' in answer && Array.isArray(answer.paths));
    const { paths } = answer;
    assert.equal(paths[0], task);
    const [layer, first, second, library] = [
      paths.indexOf('/opt/python'),
      paths.indexOf('/own/modules'),
      paths.indexOf(join(task, 'more')),
      paths.findIndex((path) => path.endsWith('/lib-dynload')),
    ];
    assert.ok(layer < first && first < second && second < library && layer > 0, JSON.stringify(paths));
  }
});

test('what Python reads at its start is read when the function starts cold', async () => {
  const [runtime] = installed;
  assert.ok(runtime);
  assert.ok(runtime.coldVariables.includes('PYTHONOPTIMIZE'));
  await using conversation = await converse({
    ...runtime,
    environment: { ...runtime.environment, PYTHONOPTIMIZE: '2' },
  });
  await conversation.assign('app.interpreter', task, environment);
  const answer = shown(await conversation.invoke({}));
  assert.ok(typeof answer === 'object' && answer !== null && 'optimize' in answer);
  assert.equal(answer.optimize, 2);
});

test('sys.exit and os._exit end the process with their codes', async () => {
  const [runtime] = installed;
  assert.ok(runtime);
  for (const [handler, expected] of [
    ['app.exits_with_3', 3],
    ['app.exits_with_0', 0],
    ['app.kills_itself', 'SIGKILL'],
  ] as const) {
    await using conversation = await converse(runtime);
    await conversation.assign(handler, task, environment);
    void conversation.invoke({});
    assert.equal(await conversation.exited, expected);
  }
});

for (const runtime of installed) {
  test(`${runtime.id}: hooks around a snapshot run for versions that have SnapStart, in AWS's order`, async () => {
    const snapStarted = { ...environment, AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start' };
    const answers = [];
    for (const variables of [environment, snapStarted]) {
      await using conversation = await converse(runtime);
      assert.equal((await conversation.assign('hooks.handler', task, variables)).type, 'ready');
      answers.push(shown(await conversation.invoke({})));
    }
    assert.deepEqual(answers, [[], ['before two', 'before one', 'after one', 'after two=2']]);
    await using failing = await converse(runtime);
    const failed = await failing.assign('hooks_fail.handler', task, snapStarted);
    assert.deepEqual(shown(failed), initError('Runtime.AfterRestoreError', 'OSError: no network yet'));
  });
}

for (const runtime of installed) {
  test(`${runtime.id}: each event has its own trace header, which is no variable of the C library`, async () => {
    await using conversation = await converse(runtime);
    await conversation.assign('app.trace_variable', task, environment);
    for (const traceHeader of ['Root=1-a', 'Root=1-b']) {
      assert.deepEqual(shown(await conversation.invoke({}, { traceHeader })), { found: traceHeader, kept: false });
    }
  });
}
