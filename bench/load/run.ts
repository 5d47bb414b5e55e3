/** Runs one job in a load client process and measures, around it, what the server's processes took. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Children } from '../children.ts';
import { cpuSeconds, machineBusySeconds, processTree } from '../proc.ts';
import type { Job, Outcome, Prepared, Problem } from './job.ts';

export interface Measured extends Outcome {
  /** Of the process that was started, and of all below it, during the job. */
  readonly serverCpuSeconds: number;
  readonly environmentsCpuSeconds: number;
  /** Processors that programs other than these were using, on average. */
  readonly othersBusy: number;
  /** On this process's clock. */
  readonly beganAtMs: number;
}

const overtimeMs = 20_000;

interface Meters {
  readonly server: number;
  readonly below: number;
  readonly machine: number;
  readonly at: number;
}

export async function measure(job: Job, { children, pid }: { children: Children; pid: number }): Promise<Measured> {
  let before = read(pid);
  const outcome = await runJob(job, children, () => {
    before = read(pid);
  });
  const after = read(pid);
  const serverCpuSeconds = after.server - before.server;
  const environmentsCpuSeconds = Math.max(0, after.below - before.below);
  const ours = serverCpuSeconds + environmentsCpuSeconds + outcome.clientCpuSeconds;
  const elapsed = (after.at - before.at) / 1000;
  const othersBusy = Math.max(0, (after.machine - before.machine - ours) / elapsed);
  return { ...outcome, serverCpuSeconds, environmentsCpuSeconds, othersBusy, beganAtMs: before.at };
}

function read(pid: number): Meters {
  const below = processTree(pid).filter((other) => other !== pid);
  return { server: cpuSeconds([pid]), below: cpuSeconds(below), machine: machineBusySeconds(), at: performance.now() };
}

async function runJob(job: Job, children: Children, prepared: () => void): Promise<Outcome> {
  const client = fork(join(import.meta.dirname, 'client.ts'), { detached: true });
  children.adopt(client);
  const answer = new Promise<Outcome>((resolve, reject) => {
    client.on('message', (message: Outcome | Prepared | Problem) => {
      if ('problem' in message) return reject(new Error(`The load client failed: ${message.problem}`));
      if (!('prepared' in message)) return resolve(message);
      prepared();
      client.send('begin');
    });
    client.once('error', reject);
    client.once('exit', (code) => reject(new Error(`The load client ended with code ${code}`)));
  });
  client.send(job);
  const overdue = setTimeout(() => client.kill('SIGKILL'), lengthMs(job) + overtimeMs);
  return answer.finally(() => clearTimeout(overdue));
}

function lengthMs({ plan, requests }: Job): number {
  if (plan.kind === 'burst') return plan.answeredMsMax;
  return plan.kind === 'saturate' ? plan.warmUpMs + plan.durationMs : requests.length * (plan.pauseMs + 1000);
}
