import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { RuntimeEvent } from './link.ts';
import type { ExitReason, Sandbox } from './sandbox/sandbox.ts';
import { StartedRuntime } from './started-runtime.ts';
import { Telemetry } from './telemetry-api/telemetry.ts';

function started() {
  const exit = deferred<ExitReason>();
  const sandbox: Sandbox = {
    id: 'e',
    paths: { task: '', opt: '', tmp: '', at: (target) => target },
    channel: new Promise(() => {}),
    output: new PassThrough(),
    exited: exit.promise,
    runtimeApi: '',
    awsEndpoint: '',
    place: async () => {},
    setMemoryLimit() {},
    setCpuLimit() {},
    freeze() {},
    thaw() {},
    terminate() {},
    connect: () => new Socket(),
    kill: async () => {},
    memoryPeak: () => 0,
    outOfMemoryKills: () => 0,
  };
  const runtime = new StartedRuntime(sandbox, {
    id: 'r',
    wire: 'framed',
    generic: true,
    mounts: [],
    command: [],
    environment: {},
    coldVariables: [],
  });
  const told: string[] = [];
  runtime.own({
    begins() {},
    event: ({ type }: RuntimeEvent) => told.push(type),
    telemetry: new Telemetry(systemClock),
    output() {},
    extensions() {},
    extensionOutput() {},
    exited: ({ code }) => told.push(`exit ${code}`),
  });
  return { runtime, exit, told };
}

const link = { assign() {}, invoke() {}, close() {} };
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('what a runtime said last counts before its exit, whichever is heard of first', async () => {
  const { runtime, exit, told } = started();
  runtime.attach(link);
  exit.resolve({ code: 1 });
  await settle();
  assert.deepEqual(told, []);
  runtime.listener({ type: 'init-error', body: Buffer.from('{}'), errorType: 'Runtime.UserCodeSyntaxError' });
  runtime.listener({ type: 'closed' });
  assert.deepEqual(told, ['init-error', 'closed', 'exit 1']);
});

test('a runtime that never connected is told of at once', async () => {
  const { runtime, exit, told } = started();
  exit.resolve({ code: 9 });
  await settle();
  assert.deepEqual(told, ['exit 9']);
  await assert.rejects(runtime.hello(), /ended before it was ready/);
});
