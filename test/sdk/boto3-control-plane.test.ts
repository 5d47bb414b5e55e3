import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from '../harness/server.ts';

const python = ['/usr/bin/python3', 'python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import boto3'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

test('boto3 finds every operation that it knows, with good input and with bad', {
  skip: python === undefined ? 'boto3 is not installed (Debian package python3-boto3)' : false,
}, async () => {
  await using server = await startServer();
  const script = join(import.meta.dirname, 'boto3_control_plane.py');
  const { stdout } = await promisify(execFile)(python ?? '', [script, server.endpoint], { timeout: 100_000 });
  assert.match(stdout, /boto3 visited all \d+ operations/);
});
