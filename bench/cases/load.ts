/** The two cases of steady load: one connection for latency, sixteen for throughput. */
import { type Echo, echoes } from '../functions.ts';
import { startLambent } from '../targets/lambent.ts';
import { startLimit } from '../targets/limit.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Row, Run } from './case.ts';
import { inTurn, type Lane, type Rounds } from './lanes.ts';

const names = Object.keys(echoes).filter((name): name is Echo => name in echoes);

export const warm: Case = {
  title: 'Warm invoke, one connection',
  method: 'One request at a time on one kept-alive connection; every answer compared with the event',
  run: (run) => steady(run, { connections: 1, flags: [] }),
};

export const throughput: Case = {
  title: 'Invocations a second, 16 connections, at most 8 environments',
  method: 'Sixteen connections, each sending again as soon as it is answered',
  run: (run) => steady(run, { connections: 16, flags: ['--environments-max', '8'] }),
};

async function steady(run: Run, { connections, flags }: { connections: number; flags: string[] }): Promise<Row[]> {
  const peers = new Map<string, Echo>([
    ['node-1769', 'node-1769'],
    ['python-1769', 'python-1769'],
  ]);
  const lambent = await withFunctions(run, flags).catch(asError);
  const limit = await startLimit(run).catch(asError);
  const peer = await startPeer(run, peers).catch(asError);
  const lanes: Lane[] = [
    { subject: 'lambent', of: 'node-1769', endpoint: lambent },
    { subject: 'limit', of: 'echo', endpoint: limit },
    { subject: 'peer', of: 'node-1769', endpoint: peer },
    { subject: 'lambent', of: 'python-1769', endpoint: lambent },
    { subject: 'peer', of: 'python-1769', endpoint: peer },
    { subject: 'lambent', of: 'node-128', endpoint: lambent },
  ];
  const rows = await inTurn(lanes, roundsOf(run, connections), run);
  for (const endpoint of [lambent, limit, peer]) if (!(endpoint instanceof Error)) await endpoint.stop();
  return rows;
}

function roundsOf({ quick }: Run, connections: number): Rounds {
  const plan = { kind: 'saturate', connections, warmUpMs: 300, durationMs: quick ? 500 : 1500 } as const;
  return { count: quick ? 1 : 3, plan, firstWarmUpMs: quick ? 300 : 1500 };
}

async function withFunctions(run: Run, flags: string[]): Promise<Endpoint> {
  const lambent = await startLambent(run, { flags });
  for (const name of names) await lambent.create(name, name);
  return lambent;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
