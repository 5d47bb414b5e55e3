/** What open connections cost a server that goes on serving others, and whether all of it comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { event } from '../functions.ts';
import { type HoldJob, hold } from '../load/hold.ts';
import { measure } from '../load/run.ts';
import { connectionsTo, memoryOf } from '../proc.ts';
import { handshakeRequest, invokeRequest, plainRequest } from '../signing.ts';
import { startLambent } from '../targets/lambent.ts';
import { startLimit } from '../targets/limit.ts';
import type { Endpoint, Subject } from '../targets/target.ts';
import { webSocketApi } from '../targets/web.ts';
import type { Case, Figures, Row, Run } from './case.ts';
import type { Asked } from './lanes.ts';

const idleCount = 10_000;
const webSocketCount = 1_000;
const quietMs = 1_000;
const closedMsMax = 15_000;

export const connections: Case = {
  title: 'Open connections',
  method:
    'Each has sent a request (a WebSocket its handshake, which a function agreed to) and is silent; each: memory ' +
    'that the server alone has more than before; p50 of another client meanwhile (of Lambent by Invoke)',
  secondsMax: 90,
  run: async (run) => [
    ...(await ofLambent(run).catch(failed('lambent'))),
    ...(await ofLimit(run).catch(failed('limit'))),
  ],
};

async function ofLambent(run: Run): Promise<Row[]> {
  const lambent = await startLambent(run, { flags: ['--warm-environments', '1', '--environments-max', '4'] });
  await lambent.create('node-1769', 'node-1769');
  await lambent.create('web', 'web');
  const chat = await webSocketApi(lambent, 'web');
  const { host, port } = lambent;
  const health = plainRequest(`${host}:${port}`, '/_lambent/health', {});
  const idle = { host, port, count: countOf(run, idleCount), request: health, status: 200 };
  const webSocket = { ...idle, count: countOf(run, webSocketCount), request: handshakeRequest(chat), status: 101 };
  const invoke = { request: invokeRequest(lambent, 'node-1769', event), expected: event };
  const watched: Watched = { run, subject: 'lambent', endpoint: lambent, asked: invoke };
  const rows = [...(await held(watched, 'idle', idle)), ...(await held(watched, 'WebSockets', webSocket))];
  await lambent.stop();
  return rows;
}

/** What the same Node.js takes that only sends bodies back. */
async function ofLimit(run: Run): Promise<Row[]> {
  const limit = await startLimit(run);
  const { host, port } = limit;
  const request = plainRequest(`${host}:${port}`, '/', event);
  const watched: Watched = { run, subject: 'limit', endpoint: limit, asked: { request, expected: event } };
  const rows = await held(watched, 'idle', { host, port, count: countOf(run, idleCount), request, status: 200 });
  await limit.stop();
  return rows;
}

interface Watched {
  readonly run: Run;
  readonly subject: Subject;
  readonly endpoint: Endpoint;
  /** By the client that is to be served meanwhile. */
  readonly asked: Asked;
}

async function held({ run, subject, endpoint, asked }: Watched, what: string, job: HoldJob): Promise<Row[]> {
  run.say(`  ${subject}: ${job.count} ${what}`);
  const served = () => servedWith(run, endpoint, asked);
  // What the first requests leave in memory is not the connections'.
  await served();
  const before = { ...(await served()), ...(await settled(endpoint)) };
  const holder = await hold(job, run.children);
  const open = { open: connectionsTo(endpoint.port), ...(await settled(endpoint)) };
  const during = { ...open, eachKb: ((open.footprintMb - before.footprintMb) * 1024) / job.count, ...(await served()) };
  await holder.close();
  await closed(endpoint);
  const after = { open: connectionsTo(endpoint.port), ...(await settled(endpoint)), ...(await served()) };
  const { firstError: note } = holder;
  return [
    { subject, of: `before ${what}`, rounds: [before] },
    { subject, of: what, rounds: [during], ...(note !== undefined && { note }) },
    { subject, of: `${what} closed`, rounds: [after] },
  ];
}

async function servedWith({ children, quick }: Run, { host, port, pid }: Endpoint, asked: Asked): Promise<Figures> {
  const plan = { kind: 'saturate', connections: 1, warmUpMs: 300, durationMs: quick ? 300 : 1000 } as const;
  const job = { host, port, requests: [asked.request], expected: asked.expected, plan };
  const { p50Ms, p99Ms, firstError } = await measure(job, { children, pid });
  if (firstError !== undefined) throw new Error(firstError);
  return { p50Ms, p99Ms };
}

async function settled({ pid }: Endpoint): Promise<{ footprintMb: number }> {
  await sleep(quietMs);
  // Environments that a function's invocations need are not the connections'.
  return { footprintMb: memoryOf([pid]).footprintMb };
}

/** Until the server has noticed that its clients are gone, or does not. */
async function closed(endpoint: Endpoint): Promise<void> {
  const endsAt = performance.now() + closedMsMax;
  while (connectionsTo(endpoint.port) > 0 && performance.now() < endsAt) await sleep(50);
}

function countOf({ quick }: Run, count: number): number {
  return quick ? count / 10 : count;
}

function failed(subject: Subject): (error: Error) => Row[] {
  return ({ message: note }) => [{ subject, of: 'idle', rounds: [], note }];
}
