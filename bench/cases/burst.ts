/** From nothing to two hundred: as many functions that never ran are invoked at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { echoes, event } from '../functions.ts';
import { measure } from '../load/run.ts';
import { invokeRequest } from '../signing.ts';
import { startLambent } from '../targets/lambent.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Figures, Row, Run } from './case.ts';
import { figures } from './lanes.ts';

const answeredMsMax = 30_000;
/** Until the environments that wait for functions are there, and quiet. */
const quietMs = 1500;
/** The bench promises 256 GB, and 200 of 1,769 MB would be more. */
const memorySize = 1024;
const kinds = ['node', 'python'] as const;

export const burst: Case = {
  title: 'Two hundred cold starts at once',
  method:
    '200 functions that never ran, each invoked once, all at once on connections of their own; the pool of waiting ' +
    'environments as it is by default (two a runtime); and one function 200 times at once. Per second: until the last answer',
  secondsMax: 150,
  peer: true,
  async run(run) {
    const rows: Row[] = [];
    for (const kind of kinds) rows.push(...(await ofLambent(run, kind)));
    rows.push(await ofPeer(run).catch((error) => missing('peer', error)));
    return rows;
  },
};

function countOf({ quick }: Run): number {
  return quick ? 40 : 200;
}

async function ofLambent(run: Run, kind: (typeof kinds)[number]): Promise<Row[]> {
  const names = namesOf(run);
  const source = { ...echoes[`${kind}-1769`], memorySize };
  const first = await startLambent(run);
  for (const name of names) await first.create(name, source);
  await first.stop();
  const [many, one]: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < (run.quick ? 1 : 3); round += 1) {
    // Started again on the same functions: none of them has an environment then.
    const lambent = await startLambent(run, { data: first.data });
    await sleep(quietMs);
    many.push(await atOnce(run, lambent, names));
    await lambent.stop();
    const again = await startLambent(run, { data: first.data });
    await sleep(quietMs);
    one.push(
      await atOnce(
        run,
        again,
        names.map(() => 'f0'),
      ),
    );
    await again.stop();
  }
  return [
    { subject: 'lambent', of: `${kind}, ${names.length} functions`, rounds: many },
    { subject: 'lambent', of: `${kind}, one function`, rounds: one },
  ];
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

function missing(subject: 'peer', error: Error): Row {
  return { subject, of: 'node', rounds: [], note: error.message };
}
