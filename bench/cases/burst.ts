/** From nothing to two hundred: as many functions that never ran are invoked at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { echoes, event } from '../functions.ts';
import { measure } from '../load/run.ts';
import { processTree } from '../proc.ts';
import { invokeRequest } from '../signing.ts';
import { startLambent } from '../targets/lambent.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Figures, Row, Run } from './case.ts';
import { figures } from './lanes.ts';

const answeredMsMax = 40_000;
/** Without a new process. */
const quietMs = 1500;
/** For two hundred to be started, one after the other. */
const fillMsMax = 60_000;
/** The bench promises 256 GB, and 200 of 1,769 MB would be more. */
const memorySize = 1024;
const kinds = ['node', 'python'] as const;

export const burst: Case = {
  title: 'Two hundred cold starts at once',
  method:
    '200 functions that never ran, each invoked once, all at once on connections of their own; the pool of waiting ' +
    'environments as it is by default (two a runtime), and with 200 that wait; and one function 200 times at once. ' +
    'Per second: until the last answer',
  secondsMax: 300,
  peer: true,
  async run(run) {
    const rows: Row[] = [];
    for (const kind of kinds)
      rows.push(...(await ofLambent(run, kind).catch((error) => [missing('lambent', kind, error)])));
    rows.push(await ofPeer(run).catch((error) => missing('peer', 'node', error)));
    return rows;
  },
};

function countOf({ quick }: Run): number {
  return quick ? 40 : 200;
}

async function ofLambent(run: Run, kind: (typeof kinds)[number]): Promise<Row[]> {
  const names = namesOf(run);
  const source = { ...echoes[`${kind}-1769`], memorySize };
  const { data, create, stop } = await startLambent(run);
  for (const name of names) await create(name, source);
  await stop();
  const same = names.map(() => 'f0');
  const [many, one]: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < (run.quick ? 1 : 2); round += 1) {
    many.push(await onFresh(run, data, names));
    if (kind === 'node') one.push(await onFresh(run, data, same));
  }
  const waiting = [await onFresh(run, data, names, ['--warm-environments', String(names.length)])];
  const rows: Row[] = [
    { subject: 'lambent', of: `${kind}, ${names.length} functions`, rounds: many },
    { subject: 'lambent', of: `${kind}, ${names.length} functions, as many waiting`, rounds: waiting },
  ];
  return one.length === 0 ? rows : [...rows, { subject: 'lambent', of: `${kind}, one function`, rounds: one }];
}

/** Started again on the same functions: none of them has an environment then. */
async function onFresh(run: Run, data: string, names: readonly string[], flags: string[] = []): Promise<Figures> {
  const lambent = await startLambent(run, { data, flags });
  await untilQuiet(lambent.pid);
  const figures = await atOnce(run, lambent, names);
  await lambent.stop();
  return figures;
}

/** No process comes any more: those that wait for functions are there. */
async function untilQuiet(pid: number): Promise<void> {
  const endsAt = performance.now() + fillMsMax;
  for (let before = -1, now = 0; now !== before && performance.now() < endsAt; now = processTree(pid).length) {
    before = now;
    await sleep(quietMs);
  }
}

async function ofPeer(run: Run): Promise<Row> {
  const names = namesOf(run);
  const peer = await startPeer(run, new Map(names.map((name) => [name, 'node-1769'])));
  const rounds = [await atOnce(run, peer, names)];
  await peer.stop();
  return { subject: 'peer', of: `node, ${names.length} functions`, rounds };
}

async function atOnce({ children }: Run, endpoint: Endpoint, names: readonly string[]): Promise<Figures> {
  const { host, port, pid } = endpoint;
  const requests = names.map((name) => invokeRequest(endpoint, name, event));
  const plan = { kind: 'burst', answeredMsMax } as const;
  return figures(await measure({ host, port, requests, expected: event, plan }, { children, pid }));
}

function namesOf(run: Run): string[] {
  return Array.from({ length: countOf(run) }, (_, index) => `f${index}`);
}

function missing(subject: 'lambent' | 'peer', of: string, error: Error): Row {
  return { subject, of, rounds: [], note: error.message };
}
