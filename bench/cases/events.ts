/** From the client to the handler: how long an object or a message takes, and how many messages a mapping brings. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { stamp } from '../functions.ts';
import { Samples } from '../load/samples.ts';
import { startLambent } from '../targets/lambent.ts';
import type { Case, Figures, Row, Run } from './case.ts';
import {
  bucketForFunction,
  bucketForQueue,
  createQueue,
  left,
  map,
  putObject,
  queueForFunction,
  type Scene,
  sendMessage,
  sendMessages,
  unmap,
} from './events/causes.ts';
import { stampsOf } from './events/stamps.ts';

/** Long enough for the last to be done with. */
const pauseMs = 20;
const warmUp = 60;
const perRound = 100;
const rounds = 3;
const flowing = 10_000;
const flowMsMax = 30_000;

interface Lane {
  readonly of: string;
  readonly functionName: string;
  cause(name: string): Promise<void>;
}

export const events: Case = {
  title: 'Events, from the client to the first line of the handler',
  method:
    `One at a time with ${pauseMs} ms between, environments warm, by the machine's monotonic clock; what is acknowledged ` +
    `is on the disk. Of a mapping: ${flowing} messages that wait, in batches of ten, from the first to the last; it ` +
    'begins with five batches at once',
  secondsMax: 120,
  async run(run) {
    const agent = new Agent({ keepAlive: true });
    try {
      const lambent = await startLambent(run);
      return await measured(run, { lambent, client: lambent.client, line: { ...lambent, agent } });
    } finally {
      agent.destroy();
    }
  },
};

async function measured(run: Run, scene: Scene): Promise<Row[]> {
  await bucketForFunction(scene, 'direct', 'objects');
  await queueForFunction(scene, 'q', 'messages');
  await queueForFunction(scene, 'told', 'queued');
  await bucketForQueue(scene, 'by-queue', 'told');
  const lanes: Lane[] = [
    { of: 'object', functionName: 'objects', cause: (name) => putObject(scene, 'direct', name) },
    { of: 'message', functionName: 'messages', cause: (name) => sendMessage(scene, 'q', name) },
    { of: 'object by a queue', functionName: 'queued', cause: (name) => putObject(scene, 'by-queue', name) },
  ];
  const rows: Row[] = [];
  for (const lane of lanes) rows.push(await latencies(run, scene, lane));
  rows.push(await flow(run, scene));
  return rows;
}

async function latencies(run: Run, { client }: Scene, { of, functionName, cause }: Lane): Promise<Row> {
  run.say(`  ${of}`);
  const sentAt: number[] = [];
  const names = Array.from({ length: warmUp + (run.quick ? 1 : rounds) * perRound }, (_, n) => `n${n}`);
  for (const name of names) {
    await sleep(pauseMs);
    sentAt.push(Number(process.hrtime.bigint()) / 1e6);
    await cause(name);
  }
  const stamps = await stampsOf(client, functionName, names);
  const times = stamps.map((at, n) => at - (sentAt[n] ?? 0)).slice(warmUp);
  const all = Array.from({ length: times.length / perRound }, (_, round) =>
    figures(times.slice(round * perRound, (round + 1) * perRound)),
  );
  return { subject: 'lambent', of, rounds: all };
}

function figures(times: readonly number[]): Figures {
  const samples = new Samples();
  for (const ms of times) samples.add(ms);
  const [p50Ms = Number.NaN, p99Ms = Number.NaN, maxMs = Number.NaN] = samples.percentiles([0.5, 0.99, 1]);
  return { p50Ms, p99Ms, maxMs };
}

/** The first round starts the environments and does not count. */
async function flow(run: Run, scene: Scene): Promise<Row> {
  run.say('  through a mapping');
  const all: Figures[] = [];
  await scene.lambent.create('flow', stamp);
  for (let round = 0; round <= (run.quick ? 1 : rounds); round += 1) {
    const perSecond = await flowed(scene, `flow-${round}`);
    if (round > 0) all.push({ perSecond });
  }
  return { subject: 'lambent', of: 'messages of a mapping', rounds: all };
}

async function flowed(scene: Scene, queue: string): Promise<number> {
  await createQueue(scene, queue);
  const names = Array.from({ length: flowing }, (_, n) => `${queue}-${n}`);
  await sendMessages(scene, queue, names);
  const mapping = await map(scene, queue, 'flow');
  const giveUpAt = performance.now() + flowMsMax;
  while ((await left(scene, queue)) > 0) {
    if (performance.now() > giveUpAt) throw new Error(`Messages are left after ${flowMsMax / 1000} s`);
    await sleep(50);
  }
  await unmap(scene, mapping);
  const times = (await stampsOf(scene.client, 'flow', names)).toSorted((one, other) => one - other);
  return (flowing * 1000) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
}
