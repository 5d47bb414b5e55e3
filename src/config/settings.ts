/**
 * Every setting, in one table. `lambent up --help` and docs/settings.md are made from it; a flag wins over its
 * environment variable, and that over the default.
 */
import { join } from 'node:path';
import {
  amounts,
  choice,
  endpoints,
  file,
  fileSystems,
  folder,
  folders,
  type Kind,
  network,
  onOff,
  size,
  text,
  whole,
} from './kinds.ts';

/** What defaults may depend on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly memoryBytes: number;
}

interface Setting<T> {
  readonly kind: Kind<T>;
  /** One sentence, without its full stop. */
  readonly says: string;
  readonly default: (machine: Machine) => T;
  /** In words, where the default depends on something. */
  readonly defaultSays?: string;
  readonly unit?: string;
  /** The default as help and documentation show it. */
  readonly shownDefault: string;
}

type Row<T> = Omit<Setting<T>, 'kind' | 'shownDefault'>;

/** Keeps `T` one type from the kind through to the default. */
const setting = <T>(kind: Kind<T>, rest: { [K in keyof Row<T>]: NoInfer<Row<T>[K]> }): Setting<T> => ({
  kind,
  shownDefault: rest.defaultSays ?? kind.show(rest.default({ env: {}, home: '~', memoryBytes: 0 })),
  ...rest,
});

const notifiedArn =
  /^arn:aws[a-z-]*:(lambda:[a-z0-9-]+:\d{12}:function|sqs:[a-z0-9-]+:\d{12}|sns:[a-z0-9-]+:\d{12}):[\w.:$-]{1,256}$/;

export const table = {
  port: setting(whole({ min: 0, max: 65_535 }), {
    says: 'TCP port of everything: AWS API, health, function links; 0 takes a free one and says which',
    default: () => 4566,
  }),
  host: setting(text('ADDRESS', /^[0-9A-Za-z.:-]{1,253}$/, 'an IP address or host name'), {
    says: 'Address to listen on; anything but a loopback address opens the server to other machines',
    default: () => '127.0.0.1',
  }),
  data: setting(folder, {
    says: 'Folder that holds everything that is kept: functions, code, logs, keys, accepted events, the bill',
    default: ({ env, home }) => join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'lambent'),
    defaultSays: '$XDG_DATA_HOME/lambent, or ~/.local/share/lambent',
  }),
  region: setting(text('REGION', /^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region name, as us-east-1'), {
    says: 'Region of unsigned requests, and what functions see as AWS_REGION when the request names none',
    default: () => 'us-east-1',
  }),
  auth: setting(choice('auto', 'open', 'signed'), {
    says: 'Whether any credentials will do (open) or requests must be signed with a key of `lambent keys` (signed)',
    default: () => 'auto',
    defaultSays: 'auto: open on a loopback address, signed on any other',
  }),
  allowOpenNetwork: setting(onOff, {
    says: 'Permits `--auth open` on an address that other machines reach: whoever can connect can run code here',
    default: () => false,
  }),
  tlsCert: setting(file, {
    says: 'Certificate in PEM form, followed by those between it and its authority: the port then speaks HTTPS; a renewed one is taken by itself',
    default: () => '',
    defaultSays: 'none: plain HTTP',
  }),
  tlsKey: setting(file, {
    says: 'Key of the certificate in PEM form, without a passphrase',
    default: () => '',
    defaultSays: 'none',
  }),
  allowPlainHttp: setting(onOff, {
    says: 'With a certificate, answers plain HTTP on the same port as well; else such requests are refused',
    default: () => false,
  }),
  sandbox: setting(choice('auto', 'namespace', 'process'), {
    says: 'How functions are kept apart; process isolates nothing, and auto takes namespace where it works',
    default: () => 'auto',
  }),
  logLevel: setting(choice('debug', 'info', 'warn', 'error'), {
    says: 'The least important kind of line that goes to standard error',
    default: () => 'info',
  }),
  concurrentExecutions: setting(whole({ min: 1, max: 100_000 }), {
    says: 'Invocations that may run at once in an account and region; more are throttled as on AWS',
    unit: 'invocations',
    default: () => 1000,
  }),
  memoryBudget: setting(size, {
    says: 'Memory that execution environments may be promised together; an invocation that finds none left waits',
    default: ({ memoryBytes }) => Math.floor(memoryBytes * 0.75),
    defaultSays: "three quarters of the machine's memory",
  }),
  connectionsMax: setting(whole({ min: 16, max: 1_000_000 }), {
    says: 'Connections of clients there may be at once, though never more than three quarters of the files that the system lets the server open; before there is no place left, those go on which nothing is under way',
    unit: 'connections',
    default: () => 16_384,
  }),
  environmentsMax: setting(whole({ min: 1, max: 1000 }), {
    says: 'Execution environments there may be at once; an invocation that finds none free waits for one',
    unit: 'environments',
    default: () => 256,
  }),
  warmEnvironments: setting(whole({ min: 0, max: 1000 }), {
    says: 'Generic environments that wait, started, for a function to come, for each runtime in use; each takes about 13 MB of memory, and as many functions may start at once in milliseconds',
    unit: 'environments',
    default: () => 2,
  }),
  snapStart: setting(choice('fork', 'off'), {
    says: 'How versions with SnapStart start: as copies of a process that has initialised (fork, Python only), or by initialising each (off)',
    default: () => 'fork',
  }),
  idleMinutes: setting(whole({ min: 1, max: 1440 }), {
    says: "How long a function's environment waits for its next event before it is reclaimed",
    unit: 'minutes',
    default: () => 10,
  }),
  drainSeconds: setting(whole({ min: 0, max: 900 }), {
    says: 'How long running invocations may take to finish after SIGTERM before they are stopped',
    unit: 'seconds',
    default: () => 30,
  }),
  pythonDirectories: setting(folders, {
    says: 'Where to look for python3.8 to python3.14 before PATH and the usual places',
    default: () => [],
  }),
  fileSystems: setting(fileSystems, {
    says: 'Folders that stand for EFS access points: a function that names one has it, read-write, at its LocalMountPath',
    default: () => new Map(),
  }),
  network: setting(network, {
    says: "Private addresses for environments' own networks; choose another when the machine's network uses this one",
    default: () => '10.213.0.0',
  }),
  queueEndpoints: setting(endpoints, {
    says: 'Where event source mappings read the queues of these accounts, with the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; all others are read in this server',
    default: () => new Map(),
  }),
  otlpEndpoint: setting(text('URL', /^https?:\/\/[^\s/]+(\/\S*)?$/, 'a URL, as http://127.0.0.1:4318'), {
    says: 'OpenTelemetry collector that gets the traces of sampled invocations (OTLP over HTTP, JSON), below /v1/traces',
    default: ({ env }) => env.OTEL_EXPORTER_OTLP_ENDPOINT ?? '',
    defaultSays: '$OTEL_EXPORTER_OTLP_ENDPOINT, or none',
  }),
  budget: setting(amounts, {
    says: 'What AWS may charge for a month, after its free tier, before the log says so, once for each amount; nothing is stopped',
    default: () => [],
  }),
  budgetNotify: setting(text('ARN', notifiedArn, 'the ARN of a function, queue or topic'), {
    says: 'A function, queue or topic that is told, once for each amount of the budget and each month',
    default: () => '',
    defaultSays: 'none',
  }),
};

type Table = typeof table;
export type SettingKey = keyof Table;
type Value<K extends SettingKey> = Table[K] extends Setting<infer T> ? T : never;

/** What the table holds once read, with `auth` decided. */
export type Settings = { readonly [K in Exclude<SettingKey, 'auth'>]: Value<K> } & {
  readonly auth: 'open' | 'signed';
};

/** A setting cannot be used; `source` tells a mistyped flag from a wrong environment. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
  readonly source: 'flag' | 'environment' | 'combination';

  constructor(source: SettingError['source'], message: string) {
    super(message);
    this.source = source;
  }
}

export function settingKeys(): SettingKey[] {
  return Object.keys(table).filter((key): key is SettingKey => key in table);
}

/** `allowOpenNetwork` is `allow-open-network` as a flag and `LAMBENT_ALLOW_OPEN_NETWORK` in the environment. */
export function flagName(key: SettingKey): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function variableName(key: SettingKey): string {
  return `LAMBENT_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
}

/** Reads all settings; `flags` holds what the command line gave, by flag name. Throws `SettingError`. */
export function readSettings(flags: Readonly<Record<string, string | boolean>>, machine: Machine): Settings {
  const read = <T>(key: SettingKey, row: Setting<T>) => given(key, row, flags[flagName(key)], machine);
  const all = {
    port: read('port', table.port),
    host: read('host', table.host),
    data: read('data', table.data),
    region: read('region', table.region),
    auth: read('auth', table.auth),
    allowOpenNetwork: read('allowOpenNetwork', table.allowOpenNetwork),
    tlsCert: read('tlsCert', table.tlsCert),
    tlsKey: read('tlsKey', table.tlsKey),
    allowPlainHttp: read('allowPlainHttp', table.allowPlainHttp),
    sandbox: read('sandbox', table.sandbox),
    logLevel: read('logLevel', table.logLevel),
    concurrentExecutions: read('concurrentExecutions', table.concurrentExecutions),
    memoryBudget: read('memoryBudget', table.memoryBudget),
    connectionsMax: read('connectionsMax', table.connectionsMax),
    environmentsMax: read('environmentsMax', table.environmentsMax),
    warmEnvironments: read('warmEnvironments', table.warmEnvironments),
    snapStart: read('snapStart', table.snapStart),
    idleMinutes: read('idleMinutes', table.idleMinutes),
    drainSeconds: read('drainSeconds', table.drainSeconds),
    pythonDirectories: read('pythonDirectories', table.pythonDirectories),
    fileSystems: read('fileSystems', table.fileSystems),
    network: read('network', table.network),
    queueEndpoints: read('queueEndpoints', table.queueEndpoints),
    otlpEndpoint: read('otlpEndpoint', table.otlpEndpoint),
    budget: read('budget', table.budget),
    budgetNotify: read('budgetNotify', table.budgetNotify),
  } satisfies { [K in SettingKey]: Value<K> };
  checkQueueCredentials(all, machine);
  checkTls(all);
  return { ...all, auth: decideAuth(all) };
}

function checkQueueCredentials(
  { queueEndpoints }: { queueEndpoints: Value<'queueEndpoints'> },
  { env }: Machine,
): void {
  if (queueEndpoints.size === 0 || (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY)) return;
  throw new SettingError(
    'combination',
    'Cannot read queues elsewhere without credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  );
}

function checkTls({ tlsCert, tlsKey }: { tlsCert: string; tlsKey: string }): void {
  if ((tlsCert === '') === (tlsKey === '')) return;
  const [given, missing] = tlsCert === '' ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key'];
  throw new SettingError('combination', `Cannot use ${given} alone: give ${missing} too`);
}

function given<T>(key: SettingKey, row: Setting<T>, flag: string | boolean | undefined, machine: Machine): T {
  if (flag !== undefined) return parsed(row, String(flag), 'flag', `--${flagName(key)}`);
  const variable = machine.env[variableName(key)];
  if (variable !== undefined && variable !== '') return parsed(row, variable, 'environment', variableName(key));
  return row.default(machine);
}

function parsed<T>(row: Setting<T>, given: string, source: 'flag' | 'environment', name: string): T {
  const value = row.kind.parse(given);
  if (value !== undefined) return value;
  throw new SettingError(source, `Cannot use ${name} ${JSON.stringify(given)}: expected ${row.kind.expected}`);
}

function decideAuth({
  auth,
  host,
  allowOpenNetwork,
}: {
  auth: Value<'auth'>;
  host: string;
  allowOpenNetwork: boolean;
}) {
  if (auth === 'auto') return isLoopback(host) ? 'open' : 'signed';
  if (auth === 'open' && !isLoopback(host) && !allowOpenNetwork) {
    throw new SettingError(
      'combination',
      `Cannot listen on ${host} with --auth open: whoever reaches that address could run code on this machine; ` +
        'use --auth signed, or add --allow-open-network if that is meant',
    );
  }
  return auth;
}

/** Whether only this machine can connect to the address. `localhost` is one by RFC 6761. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
