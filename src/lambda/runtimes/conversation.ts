/** For tests: a runtime in a plain process, driven over the framed link. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFramedLink } from '../environments/channel/link.ts';
import type { Invocation, RuntimeEvent, RuntimeLink } from '../environments/link.ts';
import type { InstalledRuntime } from './runtime.ts';

export interface Conversation extends AsyncDisposable {
  /** What comes of itself, as the pieces of a streamed answer. */
  next(): Promise<RuntimeEvent>;
  readonly logs: string[];
  /** Standard output and error. */
  raw(): string;
  assign(handler: string, taskRoot: string, environment?: Record<string, string>): Promise<RuntimeEvent>;
  invoke(payload: unknown, more?: Partial<Invocation>): Promise<RuntimeEvent>;
  exited: Promise<number | NodeJS.Signals>;
}

export async function converse(runtime: InstalledRuntime): Promise<Conversation> {
  const folder = mkdtempSync(join(tmpdir(), 'lambent-runtime-'));
  const path = join(folder, 'channel');
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const [program = '', ...args] = runtime.command.map((word) => resolved(word, runtime));
  const env = Object.entries(runtime.environment).map(([name, value]) => [name, resolved(value, runtime)]);
  const child = spawn(program, args, { env: { ...Object.fromEntries(env), LAMBENT_CHANNEL: path }, cwd: '/' });
  let raw = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      raw += chunk;
    });
  }
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0));
  });
  const logs: string[] = [];
  const events = new Events();
  let link: RuntimeLink | undefined;
  const socket = await Promise.race([connected, exited.then((how) => Promise.reject(new Error(`${how}: ${raw}`)))]);
  link = createFramedLink(socket, (event) => {
    if (event.type === 'log') logs.push(event.message);
    else events.put(event);
  });
  const hello = await events.take();
  if (hello.type !== 'hello') throw new Error(`Cannot converse: ${JSON.stringify(hello)}`);
  return {
    logs,
    raw: () => raw,
    exited,
    next: () => events.take(),
    assign(handler, taskRoot, environment = {}) {
      link?.assign({ handler, taskRoot, optRoot: '/opt', environment });
      return events.take();
    },
    invoke(payload, more) {
      link?.invoke({
        requestId: 'request-1',
        deadlineMs: Date.now() + 3_000,
        invokedArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
        payload: Buffer.from(payload === undefined ? '' : JSON.stringify(payload)),
        ...more,
      });
      return events.take();
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function resolved(word: string, { mounts }: InstalledRuntime): string {
  return word.replace(
    /\{([^}]*)\}/g,
    (_, target: string) => mounts.find((mount) => mount.target === target)?.source ?? target,
  );
}

class Events {
  readonly #come: RuntimeEvent[] = [];
  readonly #waiting: ((event: RuntimeEvent) => void)[] = [];

  put(event: RuntimeEvent): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#come.push(event);
    else waiter(event);
  }

  take(): Promise<RuntimeEvent> {
    const event = this.#come.shift();
    return event === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(event);
  }
}
