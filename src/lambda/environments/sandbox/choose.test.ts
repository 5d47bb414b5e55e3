import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../base/clock.ts';
import { lineLog } from '../../../observe/log.ts';
import { chooseSandboxKind } from './choose.ts';
import { createNamespaceKind } from './namespace/namespace-kind.ts';

async function choose(wanted: 'auto' | 'process' | 'namespace') {
  const lines: string[] = [];
  const stateDir = mkdtempSync(join(tmpdir(), 'lambent-choose-'));
  const log = lineLog((line) => lines.push(line), 'warn', systemClock.now);
  const doors = { runtimeApi: () => {}, awsEndpoint: () => {} };
  const options = { doors, log, clock: systemClock, awsPort: 4_566, stateDir };
  const works = (await createNamespaceKindOnce(options)).works;
  const kind = await chooseSandboxKind(wanted, options).catch((error: Error) => error);
  if (!(kind instanceof Error)) await kind.close();
  rmSync(stateDir, { recursive: true, force: true });
  return { kind, works, said: lines.join('') };
}

async function createNamespaceKindOnce(options: Parameters<typeof createNamespaceKind>[0]) {
  const kind = createNamespaceKind(options);
  const probed = await kind.probe();
  await kind.close();
  return probed;
}

test('Auto takes namespaces where they work, and otherwise says loudly what it takes and why', async () => {
  const { kind, works, said } = await choose('auto');
  assert.ok(!(kind instanceof Error));
  assert.equal(kind.name, works ? 'namespace' : 'process');
  if (!works) assert.match(said, /NOTHING ISOLATES THEM.*why=/);
});

test('A plain process is never taken silently', async () => {
  const { kind, said } = await choose('process');
  assert.ok(!(kind instanceof Error));
  assert.equal(kind.name, 'process');
  assert.match(said, /NOTHING ISOLATES THEM/);
});

test('Namespaces that were asked for and do not work are an error, not a process', async () => {
  const { kind, works } = await choose('namespace');
  if (works) assert.ok(!(kind instanceof Error) && kind.name === 'namespace');
  else assert.match(String(kind), /Cannot run functions in namespaces: /);
});
