/** Has another process hold connections open, so that its memory is not what is measured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Children } from '../children.ts';

export interface HoldJob {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  /** In base64; sent once on each connection. */
  readonly request: string;
  /** What its answer's status has to be. */
  readonly status: number;
}

export interface Held {
  readonly connections: number;
  readonly firstError?: string;
}

export interface Holder extends Held {
  close(): Promise<void>;
}

/** Where the system lets a process have fewer files, the shell may raise it if whoever runs the bench may. */
export const withFiles = ['-c', 'ulimit -n 16384 2>/dev/null; exec "$0" "$@"'];

export async function hold(job: HoldJob, children: Children): Promise<Holder> {
  const program = join(import.meta.dirname, 'holder.ts');
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const client = spawn('/bin/sh', [...withFiles, process.execPath, program], { stdio: [...stdio], detached: true });
  children.adopt(client);
  const exited = once(client, 'exit');
  client.send(job);
  const [held] = await Promise.race([
    once(client, 'message'),
    exited.then(([code]) => Promise.reject(new Error(`The client that holds connections ended with code ${code}`))),
  ]);
  return {
    ...held,
    async close() {
      client.send('close');
      await exited;
    },
  };
}
