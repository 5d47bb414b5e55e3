/** Five hundred environments that wait for their next event: what each keeps in memory, and that they take no processor time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { echoes } from '../functions.ts';
import { cpuSeconds, memoryOf, processTree } from '../proc.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import type { Case, Row, Run } from './case.ts';

const quietMs = 3_000;
const idleMs = 5_000;
const readyMsMax = 120_000;
/** Of 1,769 MB, five hundred would be more than the 256 GB that the bench promises. */
const memorySize = 128;
const kinds = ['node', 'python'] as const;

export const idle: Case = {
  title: 'Five hundred idle environments',
  method:
    'Provisioned environments of one function, which have initialised and are frozen; each: what their processes would take ' +
    `alone, divided by their number. CPU: of all of them, and of the server, in ${idleMs / 1000} s of idleness`,
  secondsMax: 300,
  async run(run) {
    const rows: Row[] = [];
    for (const kind of kinds) rows.push(await ofKind(run, kind).catch((error) => missing(kind, error)));
    return rows;
  },
};

async function ofKind(run: Run, kind: (typeof kinds)[number]): Promise<Row> {
  const count = run.quick ? 50 : 500;
  const lambent = await startLambent(run, { flags: ['--environments-max', String(count), '--warm-environments', '0'] });
  await lambent.create('idle', { ...echoes[`${kind}-1769`], memorySize });
  const begunAt = performance.now();
  await provision(lambent, count);
  const seconds = (performance.now() - begunAt) / 1000;
  await sleep(quietMs);
  const tree = processTree(lambent.pid);
  const below = tree.filter((pid) => pid !== lambent.pid);
  const before = { server: cpuSeconds([lambent.pid]), below: cpuSeconds(below) };
  await sleep(idleMs);
  const server = cpuSeconds([lambent.pid]) - before.server;
  const environments = cpuSeconds(below) - before.below;
  const { footprintMb, rssMb } = memoryOf(below);
  await lambent.stop();
  const round = {
    perSecond: count / seconds,
    eachMb: footprintMb / count,
    eachRssMb: rssMb / count,
    processes: below.length,
    environmentCpuMs: environments * 1000,
    serverCpuMs: server * 1000,
  };
  return { subject: 'lambent', of: `${count} ${kind}`, rounds: [round] };
}

/** Of a published version; until all of them are ready. */
async function provision({ client }: Lambent, count: number): Promise<void> {
  const json = { 'content-type': 'application/json' };
  const functions = '/2015-03-31/functions/idle/versions';
  await client.call({ method: 'POST', path: functions, service: 'lambda', headers: json, body: Buffer.from('{}') });
  const path = '/2019-09-30/functions/idle/provisioned-concurrency';
  const of = { path, query: { Qualifier: '1' }, service: 'lambda' } as const;
  const body = Buffer.from(JSON.stringify({ ProvisionedConcurrentExecutions: count }));
  await client.call({ ...of, method: 'PUT', headers: json, body });
  const endsAt = performance.now() + readyMsMax;
  while (performance.now() < endsAt) {
    const { Status, StatusReason } = await client.json({ ...of, method: 'GET' });
    if (Status === 'READY') return;
    if (Status === 'FAILED') throw new Error(`Cannot provision ${count} environments: ${StatusReason}`);
    await sleep(100);
  }
  throw new Error(`${count} environments are not ready after ${readyMsMax / 1000} s`);
}

function missing(of: string, error: Error): Row {
  return { subject: 'lambent', of, rounds: [], note: error.message };
}
