import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitText, textOf } from './log-lines.ts';
import type { PlatformEvent } from './platform-events.ts';

const metrics = { durationMs: 12.336, billedDurationMs: 210, memorySizeMB: 128, maxMemoryUsedMB: 71 };
const initEnded = { initializationType: 'on-demand', phase: 'init' } as const;
const report =
  'REPORT RequestId: id\tDuration: 12.34 ms\tBilled Duration: 210 ms\tMemory Size: 128 MB\tMax Memory Used: 71 MB\t';

// As recorded on AWS (reference: lambda-semantics 2.3).
const events: [PlatformEvent, string | undefined][] = [
  [{ type: 'platform.start', record: { requestId: 'id', version: '$LATEST' } }, 'START RequestId: id Version: $LATEST'],
  [
    { type: 'platform.runtimeDone', record: { requestId: 'id', status: 'success', metrics: { durationMs: 1 } } },
    'END RequestId: id',
  ],
  [
    {
      type: 'platform.report',
      record: { requestId: 'id', status: 'success', metrics: { ...metrics, initDurationMs: 196.55 } },
    },
    `${report}Init Duration: 196.55 ms\t`,
  ],
  [
    {
      type: 'platform.report',
      record: {
        requestId: 'id',
        status: 'success',
        metrics,
        tracing: {
          spanId: '53995c3f42cd8ad8',
          type: 'X-Amzn-Trace-Id',
          value: 'Root=1-5759e988-bd86;Parent=5;Sampled=1',
        },
      },
    },
    `${report}\nXRAY TraceId: 1-5759e988-bd86\tSegmentId: 53995c3f42cd8ad8\tSampled: true\t`,
  ],
  [{ type: 'platform.report', record: { requestId: 'id', status: 'timeout', metrics } }, `${report}Status: timeout`],
  [
    {
      type: 'platform.report',
      record: { requestId: 'id', status: 'failure', errorType: 'Runtime.ExitError', metrics },
    },
    `${report}Status: error\tError Type: Runtime.ExitError`,
  ],
  [{ type: 'platform.report', record: { requestId: 'id', status: 'error', errorType: 'RangeError', metrics } }, report],
  [
    {
      type: 'platform.initReport',
      record: {
        ...initEnded,
        status: 'error',
        errorType: 'Runtime.ImportModuleError',
        metrics: { durationMs: 150.79 },
      },
    },
    'INIT_REPORT Init Duration: 150.79 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError',
  ],
  [
    { type: 'platform.initReport', record: { ...initEnded, status: 'timeout', metrics: { durationMs: 9999.26 } } },
    'INIT_REPORT Init Duration: 9999.26 ms\tPhase: init\tStatus: timeout',
  ],
  [{ type: 'platform.initReport', record: { ...initEnded, status: 'success', metrics: { durationMs: 1 } } }, undefined],
  [
    { type: 'platform.extension', record: { name: 'x', state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] } },
    'EXTENSION\tName: x\tState: Ready\tEvents: [INVOKE, SHUTDOWN]',
  ],
  [
    {
      type: 'platform.telemetrySubscription',
      record: { name: 'x', state: 'Subscribed', types: ['platform', 'function'] },
    },
    'TELEMETRY\tName: x\tState: Subscribed\tTypes: [Platform, Function]',
  ],
];
for (const [event, expected] of events) {
  test(`the platform writes: ${expected?.slice(0, 60) ?? 'nothing'}`, () => assert.equal(textOf(event), expected));
}

const exits: [string, string][] = [
  [exitText({ code: 127 }), 'Runtime exited with error: exit status 127'],
  [exitText({ code: 0 }), 'Runtime exited without providing a reason'],
  [exitText({ signal: 'SIGKILL' }), 'Runtime exited with error: signal: killed'],
];
for (const [line, expected] of exits) test(`an end reads: ${expected}`, () => assert.equal(line, expected));
