import { join } from 'node:path';
import type { Bench, Endpoint } from './target.ts';

export function startLimit(bench: Bench): Promise<Endpoint> {
  return start(bench, 'limit-server.ts');
}

/** What it takes at least to have another process answer. */
export function startRelay(bench: Bench): Promise<Endpoint> {
  return start(bench, 'relay-server.ts');
}

async function start({ root, folder, children }: Bench, program: string): Promise<Endpoint> {
  const started = await children.start(process.execPath, [join(import.meta.dirname, program)], {
    cwd: root,
    logFile: join(folder, `${program}.log`),
    readyLine: /^ready (\d+)$/,
    readyMsMax: 15_000,
  });
  return { ...started, host: '127.0.0.1', port: Number(started.said), path: (name) => `/${name}` };
}
