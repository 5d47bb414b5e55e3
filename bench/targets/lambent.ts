/** Lambent itself, as it is shipped, and what it takes to have functions on it. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../../src/cli/client.ts';
import { packageFolder } from '../../src/cli/package-folder.ts';
import { type Echo, echoes, type Source } from '../functions.ts';
import { credentials, region } from '../signing.ts';
import type { Bench, Endpoint } from './target.ts';

const activeMsMax = 60_000;

export interface Lambent extends Endpoint {
  /** Whatever `up --data` was given: starting again there finds the same functions. */
  readonly data: string;
  /** `more` goes into CreateFunction as it is. */
  create(name: string, echo: Echo | Source, more?: object): Promise<void>;
  remove(name: string): Promise<void>;
  /** For whatever else a case asks of it. */
  readonly client: Client;
}

export interface LambentOptions {
  readonly flags?: readonly string[];
  readonly data?: string;
}

export async function startLambent(bench: Bench, options: LambentOptions = {}): Promise<Lambent> {
  const data = options.data ?? mkdtempSync(join(bench.folder, 'lambent-'));
  // The bench promises more memory to functions than small machines have; echoes do not use it.
  const args = ['up', '--port', '0', '--data', data, '--log-level', 'warn', '--memory-budget', '256gb'];
  const started = await bench.children.start(join(bench.root, 'bin', 'lambent'), [...args, ...(options.flags ?? [])], {
    cwd: bench.root,
    logFile: `${data}.log`,
    readyLine: /^ready (http:\S+)$/,
    readyMsMax: 30_000,
  });
  const url = new URL(started.said);
  const client = new Client({ endpoint: url, region, credentials, now: Date.now });
  return {
    ...started,
    data,
    client,
    host: url.hostname,
    port: Number(url.port),
    path: (name) => `/2015-03-31/functions/${name}/invocations`,
    create: (name, echo, more) =>
      create(client, { name, source: typeof echo === 'string' ? echoes[echo] : echo, more }),
    remove: async (name) => {
      await client.call({ method: 'DELETE', path: `/2015-03-31/functions/${name}`, service: 'lambda' });
    },
  };
}

interface Wanted {
  readonly name: string;
  readonly source: Source;
  readonly more: object | undefined;
}

async function create(client: Client, { name, source, more }: Wanted): Promise<void> {
  const { folder, runtime, handler, memorySize } = source;
  const { zip } = await packageFolder(folder);
  const input = {
    FunctionName: name,
    Role: 'arn:aws:iam::000000000000:role/bench',
    Runtime: runtime,
    Handler: handler,
    MemorySize: memorySize,
    Timeout: 30,
    Code: { ZipFile: zip.toString('base64') },
    ...more,
  };
  await client.json({
    method: 'POST',
    path: '/2015-03-31/functions',
    service: 'lambda',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(input)),
  });
  await untilActive(client, name);
}

async function untilActive(client: Client, name: string): Promise<void> {
  const path = `/2015-03-31/functions/${name}/configuration`;
  const endsAt = performance.now() + activeMsMax;
  while (performance.now() < endsAt) {
    const { State, StateReason } = await client.json({ method: 'GET', path, service: 'lambda' });
    if (State === 'Active') return;
    if (State === 'Failed') throw new Error(`Cannot create function ${name}: ${StateReason}`);
    await sleep(10);
  }
  throw new Error(`Cannot create function ${name}: it is not active after ${activeMsMax / 1000} s`);
}
