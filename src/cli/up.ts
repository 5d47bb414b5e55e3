/** `lambent up`: the server in the foreground, from the first setting to the last drained invocation. */
import { totalmem } from 'node:os';
import { countBuffersWithHeap } from '../base/collector.ts';
import { deferred } from '../base/deferred.ts';
import { flagName, readSettings, type SettingKey, type Settings, settingKeys, table } from '../config/settings.ts';
import { StartError } from '../config/start-error.ts';
import { type Log, lineLog } from '../observe/log.ts';
import type { Command, CommandFlag } from './command.ts';
import { exitCodes } from './exit.ts';

export interface RunningServer {
  /** The port it listens on, also where the settings said 0. */
  readonly port: number;
  /** Takes no more work, lets running invocations finish, closes everything. */
  drain(): Promise<void>;
  /** Reads again what may change while it runs; absent where there is nothing. */
  readonly reload?: (() => void) | undefined;
}

/** Resolves once the server can serve; throws `StartError` where a person can help. */
export type StartServer = (settings: Settings, outside: { readonly log: Log }) => Promise<RunningServer>;

export const up = (startServer: () => Promise<StartServer>): Command => ({
  operands: '',
  operandCount: { min: 0, max: 0 },
  about:
    'Starts the server and stays in the foreground. Prints one line, "ready" and the URL, on standard output when it ' +
    'can serve; logs to standard error. SIGTERM or Ctrl-C lets running invocations finish; a second one stops at once.',
  flags: Object.fromEntries(settingKeys().map((key) => [flagName(key), flagOf(key)])),
  examples: [
    ['lambent up', 'On this machine only, any credentials will do'],
    ['lambent up --port 8080 --data ./data', 'Another port, and everything kept in ./data'],
    ['lambent up --host 0.0.0.0', 'For the network: requests must be signed with a key of "lambent keys create"'],
  ],
  async run({ flags }, outside) {
    const settings = readSettings(flags, { env: outside.env, home: outside.home, memoryBytes: totalmem() });
    const log = lineLog((line) => outside.stderr.write(line), settings.logLevel, outside.clock.now);
    using signals = new StopSignals(log);
    countBuffersWithHeap();
    const server = await started(await startServer(), settings, log);
    using _ = onHangUp(server);
    const url = urlOf(settings.host, server.port, settings.tlsCert === '' ? 'http' : 'https');
    log.info('Serving', { url, data: settings.data, auth: settings.auth });
    outside.stdout.write(`ready ${url}\n`);
    await signals.asked;
    await server.drain();
    log.info('Stopped');
    return exitCodes.ok;
  },
});

function flagOf(key: SettingKey): CommandFlag {
  const { kind, says, shownDefault } = table[key];
  return { ...(kind.placeholder !== '' && { placeholder: kind.placeholder }), says: `${says} (${shownDefault})` };
}

async function started(start: StartServer, settings: Settings, log: Log): Promise<RunningServer> {
  try {
    return await start(settings, { log });
  } catch (error) {
    throw listenProblem(error, settings) ?? error;
  }
}

/** What `listen` says, in words; everything else is the server's own to explain. */
function listenProblem(error: unknown, { host, port }: Settings): StartError | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'listen' || !('code' in error)) return;
  const where = `Cannot listen on ${host} port ${port}`;
  const options = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError('port-taken', `${where}: another program has it; stop that, or choose --port`, options);
    case 'EADDRNOTAVAIL':
      return new StartError('address-unavailable', `${where}: this machine has no such address`, options);
    case 'EACCES':
      return new StartError('address-unavailable', `${where}: ports below 1024 need more rights`, options);
    default:
      return undefined;
  }
}

/** SIGTERM and SIGINT: the first asks to stop, the second ends the process there and then. */
class StopSignals {
  readonly #asked = deferred<void>();
  readonly #log: Log;
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
    process.on('SIGTERM', this.#stop).on('SIGINT', this.#stop);
  }

  /** Resolves at the first signal. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  readonly #stop = (signal: NodeJS.Signals): void => {
    this.#count += 1;
    if (this.#count > 1) process.exit(exitCodes.interrupted);
    this.#log.info('Stopping: running invocations may finish; once more stops at once', { signal });
    this.#asked.resolve();
  };

  [Symbol.dispose](): void {
    process.off('SIGTERM', this.#stop).off('SIGINT', this.#stop);
  }
}

/** SIGHUP asks daemons to read their files again; where there is nothing to read, it ends the server as it ends any program. */
function onHangUp({ reload }: RunningServer): Disposable {
  if (reload !== undefined) process.on('SIGHUP', reload);
  return { [Symbol.dispose]: () => reload && process.off('SIGHUP', reload) };
}

export function urlOf(host: string, port: number, scheme: 'http' | 'https' = 'http'): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
