/** The peer: serverless-offline's Lambda API, which runs the same functions without isolating them. */
import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Echo, echoes } from '../functions.ts';
import { installPeer } from './peer-install.ts';
import type { Bench, Endpoint } from './target.ts';

const service = 'bench';

export interface Peer extends Endpoint {
  /** Of its HTTP API, where each function is at `/NAME`. */
  readonly httpPort: number;
}

/** Functions by name; it cannot be given more while it runs. */
export async function startPeer(bench: Bench, functions: ReadonlyMap<string, Echo>): Promise<Peer> {
  const modules = await installPeer(bench);
  const folder = project(bench, modules, functions);
  const [http = 0, lambda = 0, alb = 0, websocket = 0] = await freePorts(4);
  const ports = ['--httpPort', http, '--lambdaPort', lambda, '--albPort', alb, '--websocketPort', websocket].map(
    String,
  );
  const program = join(modules, 'osls', 'bin', 'serverless.js');
  const started = await bench.children.start(
    // It says what it does on standard error.
    '/bin/sh',
    ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, program, 'offline', 'start', '--host', '127.0.0.1', ...ports],
    {
      cwd: folder,
      logFile: `${folder}.log`,
      readyLine: /\[http for lambda\] listening on (http:\S+)/,
      readyMsMax: 30_000,
    },
  );
  const path = (name: string) => `/2015-03-31/functions/${service}-dev-${name}/invocations`;
  return { ...started, host: '127.0.0.1', port: lambda, httpPort: http, path };
}

function project(bench: Bench, modules: string, functions: ReadonlyMap<string, Echo>): string {
  const folder = mkdtempSync(join(bench.folder, 'peer-'));
  symlinkSync(modules, join(folder, 'node_modules'));
  for (const { folder: source } of Object.values(echoes)) cpSync(source, folder, { recursive: true });
  // It knows no runtime newer than this; the Node.js that it runs functions on is its own in any case.
  const runtimeOf = (runtime: string) => (runtime.startsWith('nodejs') ? 'nodejs22.x' : runtime);
  const definitions = [...functions].map(([name, echo]) => {
    const { handler, memorySize, runtime } = echoes[echo];
    const events = [{ httpApi: `POST /${name}` }];
    return [name, { handler, memorySize, runtime: runtimeOf(runtime), timeout: 30, events }];
  });
  const description = {
    service,
    provider: { name: 'aws', runtime: 'nodejs22.x', region: 'us-east-1' },
    plugins: ['serverless-offline'],
    functions: Object.fromEntries(definitions),
  };
  writeFileSync(join(folder, 'serverless.json'), JSON.stringify(description));
  return folder;
}

/** It does not take 0 for a port, so some that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(address !== null && typeof address === 'object' ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
