/** What S3 carries: small objects by their number, large ones by their bytes. Every put is on the disk when it is answered. */
import { Agent } from 'node:http';
import { median } from '../figures.ts';
import { type Line, send } from '../load/send.ts';
import { cpuSeconds } from '../proc.ts';
import { startLambent } from '../targets/lambent.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Figures, Row, Run } from './case.ts';

interface Lane {
  readonly of: string;
  readonly bytes: number;
  readonly atOnce: number;
  readonly count: number;
}

const lanes: readonly Lane[] = [
  { of: '1 KB', bytes: 1024, atOnce: 16, count: 4000 },
  { of: '100 KB', bytes: 100 * 1024, atOnce: 16, count: 800 },
  { of: '10 MB', bytes: 10 * 1024 * 1024, atOnce: 2, count: 24 },
];
const rounds = 3;

export const objects: Case = {
  title: 'Objects in a bucket',
  method:
    'PutObject of new keys, then GetObject of them, over connections that are kept alive; 16 at once, of 10 MB two; client ' +
    'and server share the processors',
  secondsMax: 60,
  async run(run) {
    const lambent = await startLambent(run, { flags: ['--warm-environments', '0'] });
    const agent = new Agent({ keepAlive: true });
    const line = { ...lambent, agent };
    try {
      await send(line, { method: 'PUT', path: '/bench-bucket' });
      const rows: Row[] = [];
      for (const lane of lanes) rows.push(...(await measured(run, line, lane)));
      return rows;
    } finally {
      agent.destroy();
      await lambent.stop();
    }
  },
};

async function measured(run: Run, line: Line & Endpoint, lane: Lane): Promise<Row[]> {
  const body = Buffer.alloc(lane.bytes, 'lambent ');
  const count = run.quick ? lane.count / 8 : lane.count;
  const [puts, gets]: [Figures[], Figures[]] = [[], []];
  // The first round compiles what the others run.
  for (let round = 0; round <= (run.quick ? 0 : rounds); round += 1) {
    const path = (n: number) => `/bench-bucket/${lane.bytes}/${round}/${n}`;
    const put = await timed(line, lane, count, (n) => send(line, { method: 'PUT', path: path(n), body }));
    const get = await timed(line, lane, count, (n) => send(line, { method: 'GET', path: path(n) }));
    if (round === 0 && !run.quick) continue;
    puts.push(put);
    gets.push(get);
  }
  return [
    { subject: 'lambent', of: `put ${lane.of}`, rounds: puts },
    { subject: 'lambent', of: `get ${lane.of}`, rounds: gets },
  ];
}

async function timed(
  { pid }: Endpoint,
  { bytes, atOnce }: Lane,
  count: number,
  action: (n: number) => Promise<void>,
): Promise<Figures> {
  const times: number[] = [];
  const cpuBefore = cpuSeconds([pid]);
  const begun = performance.now();
  let next = 0;
  const one = async () => {
    while (next < count) {
      const from = performance.now();
      await action(next++);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  const seconds = (performance.now() - begun) / 1000;
  const cpu = cpuSeconds([pid]) - cpuBefore;
  return {
    perSecond: count / seconds,
    megabytesPerSecond: (count * bytes) / seconds / 1e6,
    p50Ms: median(times),
    serverCpuMicros: (cpu / count) * 1e6,
  };
}
