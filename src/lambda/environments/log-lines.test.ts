import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitText, initReportLine, reportLine, startLine } from './log-lines.ts';

const report = { requestId: 'id', durationMs: 12.336, billedMs: 210, memorySizeMb: 128, memoryUsedMb: 71 };

// As recorded on AWS (reference: lambda-semantics 2.3).
const lines: [string, string][] = [
  [startLine('id', '$LATEST'), 'START RequestId: id Version: $LATEST'],
  [
    reportLine({ ...report, initMs: 196.55 }),
    'REPORT RequestId: id\tDuration: 12.34 ms\tBilled Duration: 210 ms\tMemory Size: 128 MB\tMax Memory Used: 71 MB\tInit Duration: 196.55 ms\t',
  ],
  [
    reportLine({ ...report, failure: { status: 'timeout' } }),
    'REPORT RequestId: id\tDuration: 12.34 ms\tBilled Duration: 210 ms\tMemory Size: 128 MB\tMax Memory Used: 71 MB\tStatus: timeout',
  ],
  [
    initReportLine({
      initMs: 150.79,
      phase: 'init',
      failure: { status: 'error', errorType: 'Runtime.ImportModuleError' },
    }),
    'INIT_REPORT Init Duration: 150.79 ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError',
  ],
  [
    initReportLine({ initMs: 9999.26, phase: 'init', failure: { status: 'timeout' } }),
    'INIT_REPORT Init Duration: 9999.26 ms\tPhase: init\tStatus: timeout',
  ],
  [exitText({ code: 127 }), 'Runtime exited with error: exit status 127'],
  [exitText({ code: 0 }), 'Runtime exited without providing a reason'],
  [exitText({ signal: 'SIGKILL' }), 'Runtime exited with error: signal: killed'],
];

for (const [line, expected] of lines) {
  test(`the platform writes: ${expected.slice(0, 60)}`, () => assert.equal(line, expected));
}
