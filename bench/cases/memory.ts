/** Memory of the server at rest, and of what it keeps running. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Echo, event } from '../functions.ts';
import { measure } from '../load/run.ts';
import { memoryOf, processTree } from '../proc.ts';
import { invokeRequest } from '../signing.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Figures, Row, Run } from './case.ts';

const waiting = 4;
const quietMs = 1500;

export const memory: Case = {
  title: 'Memory',
  method:
    'Footprint: own pages, and each mapped file once, of all processes together; environments as what they add to it',
  secondsMax: 120,
  peer: true,
  async run(run) {
    return [...(await ofLambent(run)), ...(await ofPeer(run))];
  },
};

async function ofLambent(run: Run): Promise<Row[]> {
  try {
    const flags = ['--warm-environments', String(waiting)];
    const rows: Row[] = [];
    for (const echo of ['node-1769', 'python-1769'] as const) {
      // Starting again gives each language a server that has done nothing else.
      const lambent = await startLambent(run, { flags });
      rows.push(...(await ofLanguage(run, lambent, echo)));
      await lambent.stop();
    }
    return rows;
  } catch (error) {
    return [
      { subject: 'lambent', of: 'idle', rounds: [], note: error instanceof Error ? error.message : String(error) },
    ];
  }
}

async function ofLanguage(run: Run, lambent: Lambent, echo: Echo): Promise<Row[]> {
  const idle = await settled(lambent);
  await lambent.create(echo, echo);
  const withWaiting = await settled(lambent);
  await invoke(run, lambent, echo, 1);
  const withOne = await settled(lambent);
  await invoke(run, lambent, echo, run.quick ? 500 : 3000);
  const afterLoad = await settled(lambent);
  return [
    { subject: 'lambent', of: 'idle', rounds: [idle] },
    { subject: 'lambent', of: `each waiting ${echo}`, rounds: [added(withWaiting, idle, waiting)] },
    { subject: 'lambent', of: `an idle ${echo}`, rounds: [added(withOne, withWaiting, 1)] },
    { subject: 'lambent', of: `with ${waiting} waiting, after load on ${echo}`, rounds: [afterLoad] },
  ];
}

async function ofPeer(run: Run): Promise<Row[]> {
  try {
    const peer = await startPeer(run, new Map([['node-1769', 'node-1769']]));
    const idle = await settled(peer);
    await invoke(run, peer, 'node-1769', 1);
    const withOne = await settled(peer);
    await peer.stop();
    return [
      { subject: 'peer', of: 'idle', rounds: [idle] },
      { subject: 'peer', of: 'an idle node-1769', rounds: [added(withOne, idle, 1)] },
    ];
  } catch (error) {
    return [{ subject: 'peer', of: 'idle', rounds: [], note: error instanceof Error ? error.message : String(error) }];
  }
}

/** Once nothing has started or ended for a while. */
async function settled({ pid }: Endpoint): Promise<Figures & { footprintMb: number; processes: number }> {
  let before = '';
  for (let tries = 0; tries < 8; tries++) {
    await sleep(quietMs);
    const now = processTree(pid).join();
    if (now === before) break;
    before = now;
  }
  const tree = processTree(pid);
  return { ...memoryOf(tree), processes: tree.length };
}

function added(
  more: { footprintMb: number; rssMb?: number },
  less: { footprintMb: number; rssMb?: number },
  by: number,
): Figures {
  return {
    footprintMb: (more.footprintMb - less.footprintMb) / by,
    rssMb: ((more.rssMb ?? 0) - (less.rssMb ?? 0)) / by,
  };
}

/** One after the other for so long; with 1 ms, a single one. */
async function invoke({ children }: Run, endpoint: Endpoint, name: string, durationMs: number): Promise<void> {
  const { host, port, pid } = endpoint;
  const requests = [invokeRequest(endpoint, name, event)];
  const plan =
    durationMs > 1
      ? ({ kind: 'saturate', connections: 1, warmUpMs: 0, durationMs } as const)
      : ({ kind: 'sequence', pauseMs: 0 } as const);
  const { firstError } = await measure({ host, port, requests, expected: event, plan }, { children, pid });
  if (firstError !== undefined) throw new Error(firstError);
}
