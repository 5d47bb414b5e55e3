import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { styleFor } from '../src/cli/text.ts';
import { Children } from './demo-children.ts';
import { bill, reportOf } from './demo-page.ts';

const plain = styleFor({}, {});

test('the figures of a REPORT line are read, with and without a start', () => {
  const line =
    'REPORT RequestId: 4f1c\tDuration: 12.34 ms\tBilled Duration: 113 ms\tMemory Size: 512 MB\tMax Memory Used: 64 MB';
  assert.deepEqual(reportOf(`START\n${line}\tInit Duration: 100.01 ms\t\n`), {
    durationMs: 12.34,
    billedMs: 113,
    memoryMb: 512,
    usedMb: 64,
    initMs: 100.01,
  });
  assert.equal(reportOf(`${line}\t\n`).initMs, undefined);
  assert.throws(() => reportOf('START\nEND\n'), /no REPORT line/);
});

test('the bill shows its formula and its sum', () => {
  const text = bill({ requests: 5, billedMs: 200, gbSeconds: 0.1 }, 512, plain);
  assert.match(text, /5 × \$0\.20 \/ 1,000,000 +\$0\.0000010000/);
  assert.match(text, /200 ms ÷ 1000 × 512 MB ÷ 1024 = 0\.1000 GB-s × \$0\.0000166667 +\$0\.0000016667/);
  assert.match(text, /list price +\$0\.0000026667/);
});

test('a server is known by its ready line, and is gone after stop', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-demo-test-'));
  const children = new Children();
  const serve = (script: string) =>
    children.serve('sh', ['-c', script], { cwd: folder, env: process.env, logFile: join(folder, 'log') });
  try {
    assert.equal(await serve('echo ready http://127.0.0.1:1; exec sleep 60'), 'http://127.0.0.1:1');
    await assert.rejects(serve('echo no room >&2; exit 73'), /ended with code 73:\nno room/);
    const started = performance.now();
    await children.stop();
    assert.ok(performance.now() - started < 5000);
    assert.equal((await children.run('sh', ['-c', 'echo out; echo err >&2; exit 3'], { cwd: folder })).code, 3);
  } finally {
    await children.stop();
    rmSync(folder, { recursive: true });
  }
});
