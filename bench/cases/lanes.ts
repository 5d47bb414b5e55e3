/** Runs the same load on several subjects by turns: on a shared machine, neighbours in time are what can be compared. */
import { event } from '../functions.ts';
import type { Saturate } from '../load/job.ts';
import { type Measured, measure } from '../load/run.ts';
import { invokeRequest } from '../signing.ts';
import type { Endpoint, Subject } from '../targets/target.ts';
import type { Figures, Row, Run } from './case.ts';

export interface Lane {
  readonly subject: Subject;
  readonly of: string;
  /** What is wrong when there is no endpoint. */
  readonly endpoint: Endpoint | Error;
  /** Instead of an Invoke of the function that `of` names. */
  readonly asked?: Asked;
}

export interface Asked {
  /** As base64. */
  readonly request: string;
  readonly expected: unknown;
}

export interface Rounds {
  readonly count: number;
  readonly plan: Saturate;
  /** Before the first round: so many connections for so long. */
  readonly toWarm: { readonly connections: number; readonly ms: number };
}

export async function inTurn(lanes: readonly Lane[], rounds: Rounds, run: Run): Promise<Row[]> {
  const results = lanes.map((lane) => ({ lane, measured: [] as Figures[], notes: new Set<string>() }));
  for (let round = 1; round <= rounds.count; round++) {
    run.say(`  round ${round} of ${rounds.count}`);
    for (const { lane, measured, notes } of results) {
      if (lane.endpoint instanceof Error) notes.add(lane.endpoint.message);
      else
        await inRound(round, lane.endpoint, { lane, rounds, run }).then(
          (outcome) => {
            measured.push(figures(outcome));
            if (outcome.firstError !== undefined) notes.add(outcome.firstError);
          },
          (error: Error) => notes.add(error.message),
        );
    }
  }
  return results.map(({ lane: { subject, of }, measured, notes }) => {
    const note = [...notes].join('; ');
    return { subject, of, rounds: measured, ...(note !== '' && { note }) };
  });
}

export function invoked(endpoint: Endpoint, name: string): Asked {
  return { request: invokeRequest(endpoint, name, event), expected: event };
}

async function inRound(
  round: number,
  endpoint: Endpoint,
  { lane, rounds: { plan, toWarm }, run }: { lane: Lane; rounds: Rounds; run: Run },
): Promise<Measured> {
  const asked = lane.asked ?? invoked(endpoint, lane.of);
  const { connections, ms } = toWarm;
  if (round === 1 && ms > 0) await once(endpoint, asked, { ...plan, connections, durationMs: ms }, run);
  return once(endpoint, asked, plan, run);
}

function once(endpoint: Endpoint, asked: Asked, plan: Saturate, { children }: Run): Promise<Measured> {
  const { host, port, pid } = endpoint;
  const { request, expected } = asked;
  return measure({ host, port, requests: [request], expected, plan }, { children, pid });
}

export function figures(measured: Measured): Figures {
  const { answers, seconds, errors, p50Ms, p99Ms, maxMs, othersBusy } = measured;
  const micros = (cpuSeconds: number) => (cpuSeconds * 1e6) / Math.max(1, answers);
  return {
    p50Ms,
    p99Ms,
    maxMs,
    perSecond: answers / seconds,
    errors,
    serverCpuMicros: micros(measured.serverCpuSeconds),
    environmentCpuMicros: micros(measured.environmentsCpuSeconds),
    clientCpuMicros: micros(measured.clientCpuSeconds),
    othersBusyProcessors: othersBusy,
  };
}
