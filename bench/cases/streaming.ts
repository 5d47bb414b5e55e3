/** A large response as the function writes it: when it begins, how fast it comes, what the server needs meanwhile. */
import { request as httpRequest } from 'node:http';
import { signed } from '../../src/aws/sigv4/sign.ts';
import { streaming as function_ } from '../functions.ts';
import { EventStreamCounter } from '../load/event-stream.ts';
import { cpuSeconds, peakMemory, processTree } from '../proc.ts';
import { credentials, region } from '../signing.ts';
import { type Lambent, startLambent } from '../targets/lambent.ts';
import { startLimit } from '../targets/limit.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Case, Figures } from './case.ts';

const megabytes = 100;

export const streaming: Case = {
  title: 'A streamed response of 100 MB',
  method:
    'InvokeWithResponseStream of a warm function in Node.js that writes 64 KB at a time; at the limit node:http writes the ' +
    'same. First byte: of the body, from sending the request; peak: of the server alone, above what it had before',
  secondsMax: 60,
  async run(run) {
    const lambent = await startLambent(run);
    await lambent.create('streaming', function_);
    const limit = await startLimit(run);
    const [own, bare]: [Figures[], Figures[]] = [[], []];
    // The first round compiles what the others run.
    for (let round = 0; round <= (run.quick ? 1 : 5); round += 1) {
      const figures = [await ofLambent(lambent), await ofLimit(limit)] as const;
      if (round === 0) continue;
      own.push(figures[0]);
      bare.push(figures[1]);
    }
    return [
      { subject: 'lambent', of: '100 MB', rounds: own },
      { subject: 'limit', of: '100 MB', rounds: bare },
    ];
  },
};

async function ofLambent(lambent: Lambent): Promise<Figures> {
  const counter = new EventStreamCounter();
  const figures = await measured(lambent, signedCall(lambent), (chunk) => counter.push(chunk));
  const bytes = counter.payloadBytes - counter.lastPayloadBytes;
  if (!counter.complete || bytes !== megabytes * 2 ** 20) throw new Error(`${bytes} bytes came`);
  return figures;
}

async function ofLimit(limit: Endpoint): Promise<Figures> {
  let bytes = 0;
  const figures = await measured(
    limit,
    { path: `/stream/${megabytes}`, headers: {}, body: Buffer.alloc(0) },
    (chunk) => {
      bytes += chunk.length;
    },
  );
  if (bytes !== megabytes * 2 ** 20) throw new Error(`${bytes} bytes came`);
  return figures;
}

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

function signedCall({ host, port }: Lambent): Sent {
  const path = '/2021-11-15/functions/streaming/response-streaming-invocations';
  const body = Buffer.from(JSON.stringify({ megabytes }));
  const url = new URL(`http://${host}:${port}${path}`);
  const given = { method: 'POST', url, headers: { 'content-type': 'application/json' }, body };
  return { path, headers: signed(given, credentials, { service: 'lambda', region, now: Date.now() }), body };
}

async function measured({ host, port, pid }: Endpoint, sent: Sent, take: (chunk: Buffer) => void): Promise<Figures> {
  const memory = peakMemory(pid);
  const below = processTree(pid).filter((other) => other !== pid);
  const cpu = { server: cpuSeconds([pid]), below: cpuSeconds(below) };
  const begunAt = performance.now();
  const firstAt = await exchanged({ host, port, sent, take });
  const seconds = (performance.now() - begunAt) / 1000;
  return {
    firstByteMs: firstAt - begunAt,
    megabytesPerSecond: (megabytes * 2 ** 20) / seconds / 1e6,
    serverCpuMs: (cpuSeconds([pid]) - cpu.server) * 1000,
    environmentCpuMs: (cpuSeconds(below) - cpu.below) * 1000,
    peakMb: memory.grownMb(),
  };
}

interface Exchange {
  readonly host: string;
  readonly port: number;
  readonly sent: Sent;
  readonly take: (chunk: Buffer) => void;
}

/** When the first byte of the body was there. */
function exchanged({ host, port, sent, take }: Exchange): Promise<number> {
  return new Promise((resolve, reject) => {
    const { path, headers, body } = sent;
    let firstAt: number | undefined;
    const call = httpRequest({ host, port, path, method: 'POST', headers, agent: false }, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        firstAt ??= performance.now();
        take(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200 && firstAt !== undefined) resolve(firstAt);
        else reject(new Error(`status ${answer.statusCode}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
