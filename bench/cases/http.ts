/** What the ways from HTTP to a function cost beyond an Invoke of the same function. */
import { event } from '../functions.ts';
import { invokeRequest, plainRequest } from '../signing.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import { startLimit } from '../targets/limit.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint } from '../targets/target.ts';
import { webAddresses } from '../targets/web.ts';
import type { Case, Figures, Row, Run } from './case.ts';
import { inTurn, type Lane, type Rounds } from './lanes.ts';

const atOnce = 16;

export const http: Case = {
  title: 'Warm function behind HTTP',
  method:
    `One kept-alive connection, then ${atOnce} at once; over Invoke: p50 beyond that of an Invoke of the same function in ` +
    'the same round',
  secondsMax: 150,
  peer: true,
  async run(run) {
    const lanes = await allLanes(run);
    const alone = await inTurn(lanes, roundsOf(run, 1), run);
    const together = await inTurn(lanes, roundsOf(run, atOnce), run);
    await run.children.stop();
    return [...overInvoke(alone), ...together.map((row) => ({ ...row, of: `${row.of}, ${atOnce} at once` }))];
  },
};

async function allLanes(run: Run): Promise<Lane[]> {
  const own = await lambentLanes(run).catch(
    (error) => [{ subject: 'lambent', of: 'Invoke', endpoint: asError(error) }] as const,
  );
  const limit = await startLimit(run).catch(asError);
  const peer = await startPeer(run, new Map([['web', 'web']])).catch(asError);
  const peerHttp = peer instanceof Error ? peer : { ...peer, port: peer.httpPort };
  return [
    ...own,
    { subject: 'limit', of: 'node:http', endpoint: limit, ...plainly(limit, '/') },
    { subject: 'peer', of: 'HTTP API', endpoint: peerHttp, ...plainly(peerHttp, '/web') },
  ];
}

/** One server for all, so that they find the same environments. */
async function lambentLanes(run: Run): Promise<Lane[]> {
  const endpoint = await startLambent(run, { flags: ['--environments-max', '8'] });
  await endpoint.create('web', 'web');
  const addresses = await webAddresses(endpoint, 'web');
  return [
    { subject: 'lambent', of: 'Invoke', endpoint, asked: invoked(endpoint) },
    ...addresses.map(({ of, host, path }): Lane => {
      const asked = { request: plainRequest(host, path, event), expected: event };
      return { subject: 'lambent', of, endpoint, asked };
    }),
  ];
}

function invoked(endpoint: Lambent) {
  const body = JSON.stringify(event);
  const expected = { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
  return { request: invokeRequest(endpoint, 'web', { body }), expected };
}

function plainly(endpoint: Endpoint | Error, path: string): Pick<Lane, 'asked'> {
  if (endpoint instanceof Error) return {};
  const request = plainRequest(`${endpoint.host}:${endpoint.port}`, path, event);
  return { asked: { request, expected: event } };
}

function roundsOf({ quick }: Run, connections: number): Rounds {
  const plan = { kind: 'saturate', connections, warmUpMs: 200, durationMs: quick ? 400 : 1000 } as const;
  return { count: quick ? 1 : 3, plan, toWarm: { connections: 16, ms: quick ? 300 : 4000 } };
}

function overInvoke(rows: readonly Row[]): Row[] {
  const [direct] = rows;
  return rows.map((row) => {
    if (row === direct || row.subject !== 'lambent') return row;
    const rounds = row.rounds.map((round, n): Figures => {
      const { p50Ms = Number.NaN } = direct?.rounds[n] ?? {};
      return { ...round, overInvokeMs: (round.p50Ms ?? Number.NaN) - p50Ms };
    });
    return { ...row, rounds };
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
