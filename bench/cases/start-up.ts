/** From spawning the program to the line that says it can serve. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { startLambent } from '../targets/lambent.ts';
import { startLimit } from '../targets/limit.ts';
import { startPeer } from '../targets/peer.ts';
import type { Endpoint, Subject } from '../targets/target.ts';
import type { Case, Figures, Row, Run } from './case.ts';

export const startUp: Case = {
  title: 'Start of the server',
  method: 'From spawning the program to its line that says it can serve; lambent on an empty data folder, and again',
  secondsMax: 60,
  peer: true,
  async run(run) {
    const rounds = run.quick ? 2 : 5;
    const data = mkdtempSync(join(run.folder, 'again-'));
    return [
      await repeated('lambent', 'empty', rounds, () => startLambent(run)),
      await again(run, data, rounds),
      await repeated('limit', 'echo', rounds, () => startLimit(run)),
      await repeated('peer', 'two functions', run.quick ? 1 : 2, () => startPeer(run, peerFunctions)),
    ];
  },
};

/** The first start of all fills the folder and does not count. */
async function again(run: Run, data: string, rounds: number): Promise<Row> {
  const row = await repeated('lambent', 'again', rounds + 1, () => startLambent(run, { data }));
  return { ...row, rounds: row.rounds.slice(1) };
}

const peerFunctions = new Map([
  ['node-1769', 'node-1769'],
  ['python-1769', 'python-1769'],
] as const);

async function repeated(subject: Subject, of: string, count: number, start: () => Promise<Endpoint>): Promise<Row> {
  const rounds: Figures[] = [];
  for (let round = 0; round < count; round++) {
    const problem = await start().then(
      async (endpoint) => {
        rounds.push({ readyMs: endpoint.readyMs });
        await endpoint.stop();
      },
      (error: Error) => error.message,
    );
    if (problem !== undefined) return { subject, of, rounds, note: problem };
  }
  return { subject, of, rounds };
}
