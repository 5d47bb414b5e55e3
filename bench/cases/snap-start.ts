/** The first invoke of a version whose init takes a second: with SnapStart, and without. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Interpreters } from '../../src/lambda/runtimes/python/interpreters.ts';
import { snapStarted } from '../functions.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import type { Case, Row, Run } from './case.ts';
import { sequence } from './first-invoke.ts';

const readyMsMax = 60_000;

export const snapStart: Case = {
  title: 'First invoke of a published version whose init takes a second',
  secondsMax: 60,
  method: 'Versions that were never invoked, one after the other with 400 ms between; the median of all',
  async run(run) {
    const version = ['3.13', '3.12', '3.14'].find((one) => new Interpreters([]).find(one) !== undefined);
    if (version === undefined) return kinds.map((of) => none(of, 'needs a Python from 3.12 on'));
    return startLambent(run).then(
      (lambent) => onLambent(run, lambent, `python${version}`),
      (error: Error) => kinds.map((of) => none(of, error.message)),
    );
  },
};

const kinds = ['with SnapStart', 'without'] as const;

function none(of: string, note: string): Row {
  return { subject: 'lambent', of, rounds: [], note };
}

async function onLambent(run: Run, lambent: Lambent, runtime: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const of of kinds) {
    const ApplyOn = of === 'without' ? 'None' : 'PublishedVersions';
    const count = of === 'without' || run.quick ? 3 : 8;
    const functions = Array.from({ length: count }, (_, index) => `${ApplyOn}-${index}`);
    for (const name of functions) {
      await lambent.create(name, { ...snapStarted, runtime }, { SnapStart: { ApplyOn } });
      await publish(lambent, name);
    }
    const versions = functions.map((name) => `${name}:1`);
    rows.push(await sequence({ run, endpoint: lambent, subject: 'lambent', of, functions: versions }));
    for (const name of functions) await lambent.remove(name);
  }
  await lambent.stop();
  return rows;
}

async function publish({ client }: Lambent, name: string): Promise<void> {
  const path = `/2015-03-31/functions/${name}`;
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from('{}');
  await client.json({ method: 'POST', path: `${path}/versions`, service: 'lambda', headers, body });
  for (const late = performance.now() + readyMsMax; performance.now() < late; await sleep(10)) {
    const shown = await client.json({ method: 'GET', path: `${path}:1/configuration`, service: 'lambda' });
    if (shown.State === 'Active') return;
    if (shown.State === 'Failed') break;
  }
  throw new Error(`Cannot publish ${name}: its version does not become active`);
}
