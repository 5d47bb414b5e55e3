/** Asynchronous events: how many are taken in a second, each on the disk before its 202, and how many reach the handler. */
import { setTimeout as sleep } from 'node:timers/promises';
import { event } from '../functions.ts';
import type { Job } from '../load/job.ts';
import { type Measured, measure } from '../load/run.ts';
import { invokeRequest } from '../signing.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import { startLimit } from '../targets/limit.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Figures, Row, Run } from './case.ts';
import { figures } from './lanes.ts';

const connectionCounts = [16, 64];
const deliveredMsMax = 30_000;

export const async: Case = {
  title: 'Asynchronous events, accepted and delivered',
  method:
    'InvocationType=Event of one function, which runs meanwhile; delivered: all of them, from the first request until the ' +
    'ledger counts as many invocations as were accepted; nothing of it survives a crash at the limit, which echoes',
  secondsMax: 90,
  async run(run) {
    const lambent = await startLambent(run);
    const limit = await startLimit(run);
    await lambent.create('events', 'node-1769');
    // What V8 compiles for the first thousands is no part of it.
    if (!run.quick) await round(run, lambent, 64, 3000);
    const rows: Row[] = [];
    for (const connections of connectionCounts) rows.push(...(await ofBoth(run, { lambent, limit }, connections)));
    return rows;
  },
};

interface Both {
  readonly lambent: Lambent;
  readonly limit: Endpoint;
}

async function ofBoth(run: Run, { lambent, limit }: Both, connections: number): Promise<Row[]> {
  const [own, theirs]: [Figures[], Figures[]] = [[], []];
  const durationMs = run.quick ? 500 : 1500;
  for (let count = 0; count < (run.quick ? 1 : 3); count += 1) {
    own.push(await round(run, lambent, connections, durationMs));
    theirs.push(figures(await send(run, limit, { status: 200, plan: planOf(connections, durationMs) })));
  }
  const of = `${connections} connections`;
  return [
    { subject: 'lambent', of, rounds: own },
    { subject: 'limit', of, rounds: theirs },
  ];
}

async function round(run: Run, lambent: Lambent, connections: number, durationMs: number): Promise<Figures> {
  const before = await ledger(lambent);
  const accepted = await send(run, lambent, { status: 202, plan: planOf(connections, durationMs) });
  if (accepted.firstError !== undefined) throw new Error(accepted.firstError);
  const endedAtMs = await untilDelivered(lambent, before + accepted.answers);
  const { serverCpuMicros: _, environmentCpuMicros: __, ...rest } = figures(accepted);
  return { ...rest, deliveredPerSecond: accepted.answers / ((endedAtMs - accepted.beganAtMs) / 1000) };
}

function planOf(connections: number, durationMs: number) {
  return { kind: 'saturate', connections, warmUpMs: 0, durationMs } as const;
}

function send({ children }: Run, endpoint: Endpoint, rest: Pick<Job, 'plan' | 'status'>): Promise<Measured> {
  const { host, port, pid } = endpoint;
  const request = invokeRequest(endpoint, 'events', event, { 'x-amz-invocation-type': 'Event' });
  return measure({ host, port, requests: [request], ...rest }, { children, pid });
}

/** Every event exactly once: nothing fails here, and nothing is lost. */
async function untilDelivered(lambent: Lambent, wanted: number): Promise<number> {
  const endsAt = performance.now() + deliveredMsMax;
  for (;;) {
    const count = await ledger(lambent);
    if (count === wanted) return performance.now();
    if (count > wanted) throw new Error(`${count - wanted} events ran twice`);
    if (performance.now() > endsAt) throw new Error(`${wanted - count} events were accepted and not delivered`);
    await sleep(20);
  }
}

/** Invocations that are on the bill. */
async function ledger({ client }: Lambent): Promise<number> {
  const { rows } = await client.json({ method: 'GET', path: '/_lambent/usage', service: 'lambda' });
  if (!Array.isArray(rows)) throw new Error('There is no ledger');
  return rows.reduce((sum: number, row: { requests: number }) => sum + row.requests, 0);
}
