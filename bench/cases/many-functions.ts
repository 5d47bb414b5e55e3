/** What ten thousand functions cost: to create, to list, to start with, to keep. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, textOf } from '../../src/cli/client.ts';
import { packageFolder } from '../../src/cli/package-folder.ts';
import { median } from '../figures.ts';
import { echoes } from '../functions.ts';
import { cpuSeconds, memoryOf, processTree } from '../proc.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import type { Case, Figures, Row, Run } from './case.ts';

const functions = 10_000;
const atOnce = 16;
const activeMsMax = 120_000;
const startsAgain = 3;

export const manyFunctions: Case = {
  title: 'Ten thousand functions',
  method:
    `One small package, ${atOnce} requests at once, until the last function is active; every page of ListFunctions; ` +
    'the server started again on them; its memory when it has listed them all. No environments wait',
  secondsMax: 150,
  async run(run) {
    const data = mkdtempSync(join(run.folder, 'many-'));
    const count = run.quick ? functions / 10 : functions;
    try {
      return await measured(run, data, count);
    } catch (error) {
      const note = error instanceof Error ? error.message : String(error);
      return [{ subject: 'lambent', of: 'created', rounds: [], note }];
    }
  },
};

async function measured(run: Run, data: string, count: number): Promise<Row[]> {
  const options = { data, flags: ['--warm-environments', '0'] };
  const first = await startLambent(run, options);
  const created = await create(first, count);
  await first.stop();
  const starts: Figures[] = [];
  for (let start = 0; start < startsAgain; start++) {
    const again = await startLambent(run, options);
    starts.push({ readyMs: again.readyMs });
    await again.stop();
  }
  const last = await startLambent(run, options);
  const pages = await list(last, count);
  const kept = memoryOf(processTree(last.pid));
  await last.stop();
  return [
    { subject: 'lambent', of: 'created', rounds: [created] },
    { subject: 'lambent', of: 'a page of 50', rounds: [pages] },
    { subject: 'lambent', of: 'started again', rounds: starts },
    { subject: 'lambent', of: 'kept', rounds: [{ footprintMb: kept.footprintMb, rssMb: kept.rssMb }] },
  ];
}

async function create(lambent: Lambent, count: number): Promise<Figures> {
  const { client } = lambent;
  const { folder, runtime, handler } = echoes['node-128'];
  const { zip } = await packageFolder(folder);
  const role = 'arn:aws:iam::000000000000:role/bench';
  const rest = { Role: role, Runtime: runtime, Handler: handler, Code: { ZipFile: zip.toString('base64') } };
  const cpuBefore = cpuSeconds([lambent.pid]);
  const begun = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) {
      const body = Buffer.from(JSON.stringify({ FunctionName: nameOf(next++), ...rest }));
      await client.call({ method: 'POST', path: '/2015-03-31/functions', service: 'lambda', body });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const answered = performance.now();
  await untilActive(client, nameOf(count - 1));
  const cpu = cpuSeconds([lambent.pid]) - cpuBefore;
  return {
    perSecond: (count / (answered - begun)) * 1000,
    serverCpuMicros: (cpu / count) * 1e6,
    activeAfterMs: performance.now() - answered,
  };
}

/** The reconciler takes functions in the order of their names, so the last one is active last. */
async function untilActive(client: Client, name: string): Promise<void> {
  const endsAt = performance.now() + activeMsMax;
  while (performance.now() < endsAt) {
    const path = `/2015-03-31/functions/${name}/configuration`;
    const { State } = await client.json({ method: 'GET', path, service: 'lambda' });
    if (State === 'Active') return;
    await sleep(20);
  }
  throw new Error(`Function ${name} is not active after ${activeMsMax / 1000} s`);
}

async function list(lambent: Lambent, count: number): Promise<Figures> {
  const { client } = lambent;
  const times: number[] = [];
  let found = 0;
  let Marker: string | undefined;
  do {
    const begun = performance.now();
    const path = '/2015-03-31/functions/';
    const page = await client.json({ method: 'GET', path, query: { Marker }, service: 'lambda' });
    times.push(performance.now() - begun);
    found += Array.isArray(page.Functions) ? page.Functions.length : 0;
    Marker = textOf(page.NextMarker);
  } while (Marker !== undefined);
  if (found !== count) throw new Error(`${found} functions are listed, and ${count} were created`);
  const sorted = times.toSorted((one, other) => one - other);
  return { p50Ms: median(times), p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

function nameOf(index: number): string {
  return `f${String(index).padStart(6, '0')}`;
}
