/** What an external extension adds to a warm invoke, and what a subscription to all telemetry adds to that. */
import { join } from 'node:path';
import { textOf } from '../../src/cli/client.ts';
import { packageFolder } from '../../src/cli/package-folder.ts';
import { event } from '../functions.ts';
import { invokeRequest } from '../signing.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import { startLimit } from '../targets/limit.ts';
import type { Case, Run } from './case.ts';
import { inTurn, type Lane } from './lanes.ts';

const folder = join(import.meta.dirname, '../functions/extension');

export const extensions: Case = {
  title: 'Extensions and telemetry, one connection',
  method:
    'The same echo alone, beside an external extension in Python that asks for every invocation, and beside one that is also ' +
    'sent all telemetry; an environment is free again when its extensions have asked for their next event',
  secondsMax: 90,
  async run(run) {
    const lambent = await startLambent(run);
    const lanes = [...(await allLanes(lambent)), await limitLane(run)];
    const plan = { kind: 'saturate', connections: 1, warmUpMs: 300, durationMs: run.quick ? 500 : 1200 } as const;
    const toWarm = { connections: 16, ms: run.quick ? 500 : 4000 };
    return inTurn(lanes, { count: run.quick ? 1 : 3, plan, toWarm }, run);
  },
};

async function allLanes(lambent: Lambent): Promise<Lane[]> {
  const Layers = [await layer(lambent)];
  await lambent.create('alone', 'node-1769');
  await lambent.create('extension', 'node-1769', { Layers });
  await lambent.create('telemetry', 'node-1769', { Layers, Environment: { Variables: { SUBSCRIBED: '1' } } });
  return [
    laneOf(lambent, 'no extension', 'alone'),
    laneOf(lambent, 'an extension', 'extension'),
    laneOf(lambent, 'an extension with telemetry', 'telemetry'),
  ];
}

function laneOf(endpoint: Lambent, of: string, name: string): Lane {
  return {
    subject: 'lambent',
    of,
    endpoint,
    asked: { request: invokeRequest(endpoint, name, event), expected: event },
  };
}

async function limitLane(run: Run): Promise<Lane> {
  return { subject: 'limit', of: 'echo', endpoint: await startLimit(run) };
}

/** Its ARN. */
async function layer({ client }: Lambent): Promise<string> {
  const { zip } = await packageFolder(folder);
  const { LayerVersionArn } = await client.json({
    method: 'POST',
    path: '/2018-10-31/layers/watcher/versions',
    service: 'lambda',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ Content: { ZipFile: zip.toString('base64') } })),
  });
  return textOf(LayerVersionArn) ?? '';
}
