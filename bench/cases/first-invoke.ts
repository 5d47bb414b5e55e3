/** The first invoke of a new function: with generic environments waiting, and with none. */
import { type Echo, event } from '../functions.ts';
import { type Measured, measure } from '../load/run.ts';
import { invokeRequest } from '../signing.ts';
import { startLambent } from '../targets/lambent.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint, Subject } from '../targets/target.ts';
import type { Case, Row, Run } from './case.ts';

/** Long enough for the next environment to be there, started and quiet. */
const pauseMs = 400;
const kinds = ['node-1769', 'python-1769'] as const satisfies Echo[];

export const firstInvokeWarm: Case = {
  title: 'First invoke of a new function, pool warm',
  method: `Functions that were never invoked, one after the other with ${pauseMs} ms between; the median of all`,
  secondsMax: 90,
  peer: true,
  run: async (run) => [...(await onLambent(run, [])), ...(await onPeer(run))],
};

export const firstInvokeCold: Case = {
  title: 'First invoke of a new function, pool empty',
  method: 'The same with --warm-environments 0: everything from the sandbox on is started for the invoke',
  secondsMax: 60,
  run: (run) => onLambent(run, ['--warm-environments', '0']),
};

function countOf({ quick }: Run): number {
  return quick ? 4 : 12;
}

async function onLambent(run: Run, flags: string[]): Promise<Row[]> {
  const failed = (error: Error) =>
    kinds.map((of) => ({ subject: 'lambent', of, rounds: [], note: error.message }) as const);
  return startLambent(run, { flags }).then(async (lambent) => {
    const rows: Row[] = [];
    for (const kind of kinds) {
      const functions = namesOf(kind, countOf(run));
      for (const name of functions) await lambent.create(name, kind);
      rows.push(await sequence({ run, endpoint: lambent, subject: 'lambent', of: kind, functions }));
      for (const name of functions) await lambent.remove(name);
    }
    await lambent.stop();
    return rows;
  }, failed);
}

async function onPeer(run: Run): Promise<Row[]> {
  const functions = new Map(kinds.flatMap((kind) => namesOf(kind, countOf(run)).map((name) => [name, kind] as const)));
  const failed = (error: Error) =>
    kinds.map((of) => ({ subject: 'peer', of, rounds: [], note: error.message }) as const);
  return startPeer(run, functions).then(async (peer) => {
    const rows: Row[] = [];
    for (const kind of kinds) {
      rows.push(
        await sequence({ run, endpoint: peer, subject: 'peer', of: kind, functions: namesOf(kind, countOf(run)) }),
      );
    }
    await peer.stop();
    return rows;
  }, failed);
}

function namesOf(kind: Echo, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index}`);
}

interface Work {
  readonly run: Run;
  readonly endpoint: Endpoint;
  readonly subject: Subject;
  readonly of: string;
  readonly functions: readonly string[];
}

/** Invokes each once. */
export async function sequence({ run, endpoint, subject, of, functions }: Work): Promise<Row> {
  const { host, port, pid } = endpoint;
  const requests = functions.map((name) => invokeRequest(endpoint, name, event));
  const plan = { kind: 'sequence', pauseMs } as const;
  const job = { host, port, requests, expected: event, plan };
  return measure(job, { children: run.children, pid }).then(
    (measured) => ({ subject, of, rounds: [figuresOf(measured)], ...noteOf(measured) }),
    (error: Error) => ({ subject, of, rounds: [], note: error.message }),
  );
}

function figuresOf({ minMs, p50Ms, p90Ms, maxMs, errors, othersBusy }: Measured) {
  return { p50Ms, minMs, p90Ms, maxMs, errors, othersBusyProcessors: othersBusy };
}

function noteOf({ firstError }: Measured) {
  return firstError === undefined ? {} : { note: firstError };
}
