/** The cases of steady load: one connection for latency, sixteen for throughput. */
import { keepAwake } from '../awake.ts';
import type { Echo } from '../functions.ts';
import { startLambent } from '../targets/lambent.ts';
import { startLimit, startRelay } from '../targets/limit.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Row, Run } from './case.ts';
import { inTurn, invoked, type Lane, type Rounds } from './lanes.ts';

const within = { secondsMax: 180, peer: true };

export const warm: Case = {
  title: 'Warm invoke, one connection',
  method: 'One request at a time on one kept-alive connection; every answer compared with the event',
  ...within,
  run: (run) => steady(run, { connections: 1, flags: [] }),
};

export const warmAwake: Case = {
  title: 'Warm invoke, one connection, while processors poll for 200 µs before they halt',
  method: 'The same as warm, with guest_halt_poll_ns set for the time (virtual machines; docs/operations.md)',
  ...within,
  async run(run) {
    using awake = keepAwake();
    const note = 'This machine has no guest_halt_poll_ns that could be set';
    if (awake === undefined) return [{ subject: 'lambent', of: 'node-1769', rounds: [], note }];
    return await steady(run, { connections: 1, flags: [] });
  },
};

export const throughput: Case = {
  title: 'Invocations a second, 16 connections, at most 8 environments; then other numbers of connections',
  method:
    'Each connection sends again as soon as it is answered. relay: bytes through one process to eight others and back',
  ...within,
  secondsMax: 300,
  run: (run) => steady(run, { connections: 16, flags: ['--environments-max', '8'], others: [1, 2, 4, 8, 32, 64] }),
};

interface Load {
  readonly connections: number;
  readonly flags: string[];
  /** Further numbers of connections, for the Node.js function and the limits alone. */
  readonly others?: readonly number[];
}

async function steady(run: Run, { connections, flags, others = [] }: Load): Promise<Row[]> {
  const peers = new Map<string, Echo>([
    ['node-1769', 'node-1769'],
    ['python-1769', 'python-1769'],
  ]);
  // A server for each function: on one, each lane would evict the environments of the lane before it.
  const own = (of: Echo) => withFunction(run, of, flags).catch(asError);
  const peer = await startPeer(run, peers).catch(asError);
  const node: Lane = { subject: 'lambent', of: 'node-1769', endpoint: await own('node-1769') };
  const limits: Lane[] = [
    { subject: 'limit', of: 'echo', endpoint: await startLimit(run).catch(asError) },
    { subject: 'limit', of: 'relay', endpoint: await startRelay(run).catch(asError) },
  ];
  const lanes: Lane[] = [
    node,
    ...limits,
    { subject: 'peer', of: 'node-1769', endpoint: peer },
    { subject: 'lambent', of: 'python-1769', endpoint: await own('python-1769') },
    { subject: 'peer', of: 'python-1769', endpoint: peer },
    { subject: 'lambent', of: 'node-128', endpoint: await own('node-128') },
  ];
  const rows = await inTurn(lanes, roundsOf(run, connections), run);
  for (const count of others) {
    run.say(`  ${count} connections`);
    rows.push(
      ...(await inTurn(
        [node, ...limits].map((lane) => renamed(lane, count)),
        fewerRounds(run, count),
        run,
      )),
    );
  }
  await run.children.stop();
  return rows;
}

function renamed(lane: Lane, connections: number): Lane {
  const { of, endpoint } = lane;
  const asked = endpoint instanceof Error ? undefined : invoked(endpoint, of);
  return {
    ...lane,
    of: `${of}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    ...(asked && { asked }),
  };
}

/** V8 goes on compiling for the first 50,000 requests or so: an answer takes twice as long before as after. */
function roundsOf({ quick }: Run, connections: number): Rounds {
  const plan = { kind: 'saturate', connections, warmUpMs: 300, durationMs: quick ? 500 : 1200 } as const;
  return { count: quick ? 1 : 3, plan, toWarm: { connections: 16, ms: quick ? 300 : 6000 } };
}

/** Everything is warm by then. */
function fewerRounds({ quick }: Run, connections: number): Rounds {
  const plan = { kind: 'saturate', connections, warmUpMs: 200, durationMs: quick ? 300 : 800 } as const;
  return { count: quick ? 1 : 2, plan, toWarm: { connections, ms: 0 } };
}

async function withFunction(run: Run, of: Echo, flags: string[]): Promise<Endpoint> {
  const lambent = await startLambent(run, { flags });
  await lambent.create(of, of);
  return lambent;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
