/**
 * Programs that run beside the command of a sandbox (external extensions). A shell starts them, waits for the order to
 * start the command as well, and reports every end; each program has an output of its own, so that it is known who said
 * what. Orders and reports are lines on named pipes.
 *
 *     server ──orders──► ┌───────┐ ──starts──► companions ──0, 1, …──► server
 *     server ◄─reports── │ shell │ ──starts──► command ──its output──► server
 *                        └───────┘
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { deferred } from '../../../base/deferred.ts';
import { exitReason } from './exit.ts';
import { quote } from './launcher.ts';
import type { ExitReason } from './sandbox.ts';

export interface Companion {
  readonly name: string;
  /** With the placeholders of `SandboxSpec.command`. */
  readonly command: readonly string[];
}

interface RunningCompanion {
  readonly name: string;
  readonly output: Readable;
  readonly exited: Promise<ExitReason & { readonly status: number }>;
}

type Order = 'start' | 'term' | 'kill';

export class Companions {
  readonly all: readonly RunningCompanion[];
  readonly commandExited: Promise<ExitReason>;
  /** As the shell sees it; undefined until the command has been started. */
  commandPid: number | undefined;
  readonly #orders: number;
  readonly #pipes: Socket[] = [];
  readonly #ends = new Map<string, (status: number) => void>();
  #closed = false;

  /** The names of the pipes to make in a folder that the sandbox can see. */
  static pipes(companions: readonly Companion[]): string[] {
    return ['orders', 'reports', ...companions.map((_, index) => String(index))].map((name) => `beside-${name}`);
  }

  /** When its pipes are there, and before anything runs. */
  constructor(folder: string, companions: readonly Companion[]) {
    const path = (name: string) => join(folder, `beside-${name}`);
    this.#orders = openSync(path('orders'), constants.O_RDWR | constants.O_NONBLOCK);
    createInterface({ input: this.#read(path('reports')) }).on('line', (line) => this.#hear(line));
    this.all = companions.map(({ name }, index) => ({
      name,
      output: this.#read(path(String(index))),
      exited: this.#end(String(index)).then((status) => ({ ...exitReason(status), status })),
    }));
    this.commandExited = this.#end('command').then(exitReason);
  }

  /** Lets the command start. */
  startCommand(): void {
    this.#order('start');
  }

  /** SIGTERM. */
  terminateCommand(): void {
    this.#order('term');
  }

  killCommand(): void {
    this.#order('kill');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#orders);
    for (const pipe of this.#pipes) pipe.destroy();
  }

  #order(order: Order): void {
    if (!this.#closed) writeSync(this.#orders, `${order}\n`);
  }

  /** `command pid 12`, `command 0`, `1 137`: what is anything else was written by somebody else. */
  #hear(line: string): void {
    const pid = /^command pid (\d+)$/.exec(line)?.[1];
    if (pid !== undefined) this.commandPid = Number(pid);
    const [, name = '', status = ''] = /^(command|\d+) (\d+)$/.exec(line) ?? [];
    this.#ends.get(name)?.(Number(status));
  }

  #end(name: string): Promise<number> {
    const { promise, resolve } = deferred<number>();
    this.#ends.set(name, resolve);
    return promise;
  }

  #read(path: string): Socket {
    const pipe = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
    pipe.on('error', () => {});
    this.#pipes.push(pipe);
    return pipe;
  }
}

export interface Scripted {
  /** Where the pipes are for the sandbox. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly companions: readonly (readonly string[])[];
}

/** What the sandbox runs instead of its command. */
export function companionsCommand({ folder, command, companions }: Scripted): string[] {
  const pipe = (name: string) => join(folder, `beside-${name}`);
  const words = (program: readonly string[]) => program.map(quote).join(' ');
  const starts = companions.map(
    (program, index) =>
      `(unset ${hidden.join(' ')}; watch ${index} ${words(program)}) >${quote(pipe(String(index)))} 2>&1 &`,
  );
  return ['/bin/sh', '-c', script(starts, words(command)), pipe('orders'), pipe('reports')];
}

/** What extensions are not shown, as on AWS. */
const hidden = ['LAMBENT_CHANNEL', 'AWS_XRAY_CONTEXT_MISSING'];

/**
 * A signal may come before the program has been started, or rather before its number is known: it is sent on then.
 * `wait` also ends when a signal comes, and cannot tell whether the program has ended meanwhile: it is asked again, and
 * answers 127 for a program whose end it has told before. What the shell itself has to say of
 * a death is nobody's output.
 */
function script(starts: readonly string[], command: string): string {
  return `exec 8<>"$0" 9>"$1"
send() {
  asked=1
  if [ -n "$pid" ]; then kill -$1 $pid 2>/dev/null; else late=$1; fi
}
watch() {
  name=$1; pid=; late=; shift
  exec 7>&2 2>/dev/null
  trap 'send TERM' TERM
  trap 'send KILL' USR1
  "$@" 2>&7 7>&- 8<&- 9>&- &
  pid=$!
  [ -z "$late" ] || send $late
  echo "$name pid $pid" >&9
  status=127
  while :; do
    asked=; wait $pid; code=$?
    [ $code = 127 ] && break
    status=$code
    [ -z "$asked" ] && break
  done
  echo "$name $status" >&9
}
${starts.join('\n')}
while read -r order <&8; do
  case $order in
    start) (watch command ${command}) & runtime=$! ;;
    term) kill -TERM $runtime 2>/dev/null ;;
    kill) kill -USR1 $runtime 2>/dev/null ;;
  esac
done`;
}
