import { join } from 'node:path';
import type { Bench, Endpoint } from './target.ts';

export async function startLimit({ root, folder, children }: Bench): Promise<Endpoint> {
  const started = await children.start(process.execPath, [join(import.meta.dirname, 'limit-server.ts')], {
    cwd: root,
    logFile: join(folder, 'limit.log'),
    readyLine: /^ready (\d+)$/,
    readyMsMax: 15_000,
  });
  return { ...started, host: '127.0.0.1', port: Number(started.said), path: (name) => `/${name}` };
}
