import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Interpreters } from '../../src/lambda/runtimes/python/interpreters.ts';
import { boto3Python } from '../harness/python.ts';
import { startServer } from '../harness/server.ts';

const python = boto3Python();

test('boto3 works unchanged', {
  skip: python === undefined ? 'boto3 is not installed (Debian package python3-boto3)' : false,
}, async () => {
  await using server = await startServer();
  // Where this machine lacks a Python, creating a function for it has to fail and to say so.
  const lacking = new Interpreters([]).find('3.14') === undefined ? ['lacks-3.14'] : [];
  const script = join(import.meta.dirname, 'boto3_test.py');
  const { stdout } = await promisify(execFile)(python ?? '', [script, server.endpoint, ...lacking], {
    timeout: 60_000,
  });
  assert.match(stdout, /found everything as it expects it/);
});

test('asynchronous invocation is as configured, with boto3', {
  skip: python === undefined ? 'boto3 is not installed (Debian package python3-boto3)' : false,
}, async () => {
  await using server = await startServer();
  const script = join(import.meta.dirname, 'async_test.py');
  const { stdout } = await promisify(execFile)(python ?? '', [script, server.endpoint], { timeout: 60_000 });
  assert.match(stdout, /found everything as it expects it/);
});
