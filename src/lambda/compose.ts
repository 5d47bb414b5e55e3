import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { FunctionLog, LogTarget } from '../observe/function-log.ts';
import type { Log } from '../observe/log.ts';
import { Environment, type EnvironmentParts } from './environments/environment.ts';
import { EnvironmentLog } from './environments/environment-log.ts';
import type { Extensions } from './environments/extensions-api/extensions.ts';
import { FileSystems } from './environments/file-systems.ts';
import type { RuntimeLink, RuntimeListener } from './environments/link.ts';
import { logRules } from './environments/log-rules.ts';
import { holdPlacement, placementOf } from './environments/placement.ts';
import { Pool, type PoolSettings } from './environments/pool.ts';
import type { SandboxKind } from './environments/sandbox/sandbox.ts';
import { ForkSnapshotter } from './environments/snapshot/fork-snapshotter.ts';
import { type Room, Snapshots } from './environments/snapshot/snapshots.ts';
import type { Journal, Snapshotter } from './environments/snapshot/snapshotter.ts';
import { Starter, type StarterParts } from './environments/starter.ts';
import type { RoleCredentials } from './environments/variables.ts';
import { WarmPool } from './environments/warm-pool.ts';
import type { Admission } from './invoke/admit.ts';
import { Engine } from './invoke/engine.ts';
import type { Meter } from './invoke/meter.ts';
import { InvocationMetrics, type MetricSink } from './invoke/metrics.ts';
import type { Recursion } from './invoke/recursion.ts';
import type { TraceSampler } from './invoke/trace-sampler.ts';
import type { Tracer } from './invoke/tracer.ts';
import type { CodeStore } from './model/code-store.ts';
import type { FunctionVersion } from './model/function.ts';
import { isSnapStarted } from './model/snap-start.ts';
import type { InstalledRuntime, Runtime } from './runtimes/runtime.ts';

/** What the data plane is made of. */
export interface DataPlaneParts {
  readonly kind: SandboxKind;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly code: CodeStore;
  /** Folders of this machine by the ARN of the access point that they stand for. */
  readonly fileSystems: ReadonlyMap<string, string>;
  readonly runtimes: ReadonlyMap<string, Runtime>;
  readonly functionLog: FunctionLog;
  /** Whether a function's role lets it log; absent where nobody is asked. */
  readonly mayLog?: ((version: FunctionVersion, target: LogTarget) => boolean) | undefined;
  readonly meter: Meter;
  readonly metrics: MetricSink;
  readonly admission: Admission;
  readonly recursion: Recursion;
  readonly sampler: TraceSampler;
  readonly tracer?: Tracer;
  persist(): void;
  credentials(version: FunctionVersion): RoleCredentials;
  httpLink(environmentId: string, listener: RuntimeListener): RuntimeLink;
  httpExtensions(sandboxId: string, extensions: Extensions): Disposable;
  readonly settings: DataPlaneSettings;
}

export interface DataPlaneSettings extends PoolSettings {
  readonly warmPerRuntime: number;
  /** Whether versions with SnapStart are initialised once, and copied. */
  readonly snapshots: boolean;
}

export interface DataPlane {
  readonly engine: Engine;
  readonly metrics: InvocationMetrics;
  readonly pool: Pool;
  readonly warm: WarmPool;
  readonly snapshots: Snapshots;
  /** Makes sure that environments of this runtime wait for functions. */
  keepWarm(runtimeId: string): Promise<void>;
  /** Ends every environment. */
  close(): Promise<void>;
}

const initMsMax = 10_000;
/** What a start costs with a waiting runtime, and without; only the order of magnitude matters. */
const warmStartMs = 4;
const coldStartMs = 40;

export function createDataPlane(parts: DataPlaneParts): DataPlane {
  const { kind, clock, random, log, settings } = parts;
  const installed = new InstalledRuntimes(parts.runtimes);
  const warm = new WarmPool({ kind, clock, random, log, perRuntime: settings.warmPerRuntime });
  const made: FunctionParts = {
    placement: (version) => placementOf(parts.code, version),
    hold: (version) => holdPlacement(parts.code, version),
    runtime: ({ configuration }) => installed.get(configuration.runtime),
    credentials: parts.credentials,
  };
  const snapshots = createSnapshots(parts, made, {
    claim: (memoryMb, mayEvict) => pool.claim(memoryMb, mayEvict),
    yield: (memoryMb) => pool.yield(memoryMb),
  });
  const starter = new Starter({
    kind,
    clock,
    random,
    warm,
    snapshots,
    ...made,
    fileSystems: new FileSystems({ kind, log, folders: parts.fileSystems }),
    httpLink: parts.httpLink,
    httpExtensions: parts.httpExtensions,
  });
  const waits = (version: FunctionVersion) => snapshots.has(version) || warm.waiting(version.configuration.runtime) > 0;
  const pool: Pool = new Pool({
    clock,
    settings,
    startCostMs: (version) => (waits(version) ? warmStartMs : coldStartMs),
    create: (version, hooks, provisioned) => createEnvironment({ parts, starter, version, hooks, provisioned }),
    evictOther: () => snapshots.evict(),
  });
  const metrics = new InvocationMetrics(parts.metrics, parts.admission);
  const engine = new Engine({
    clock,
    random,
    pool,
    admission: parts.admission,
    recursion: parts.recursion,
    sampler: parts.sampler,
    meter: parts.meter,
    metrics,
    tracer: parts.tracer,
    persist: parts.persist,
  });
  return {
    engine,
    metrics,
    pool,
    warm,
    snapshots,
    keepWarm: async (runtimeId) => warm.keep(await installed.get(runtimeId)),
    close: async () => {
      pool.close();
      // Extensions are told, and have their two seconds.
      await Promise.all([warm.close(), starter.idle(), snapshots.close()]);
    },
  };
}

type FunctionParts = Pick<StarterParts, 'placement' | 'hold' | 'runtime' | 'credentials'>;

function createSnapshots(parts: DataPlaneParts, made: FunctionParts, room: Room): Snapshots {
  const { clock, random, log, settings } = parts;
  const forks = new ForkSnapshotter({ ...parts, ...made, initMsMax: longInitMsMax });
  return new Snapshots({
    snapshotter: settings.snapshots ? forks : switchedOff,
    clock,
    log,
    room,
    versionLabel: (version) => versionLabel(parts, version),
    journal: (version) => journalOf(parts, version, logStream(version, clock.now(), random)),
  });
}

const switchedOff: Snapshotter = {
  take: async () => ({ kind: 'unfit', why: 'this server was told to take none (--snap-start off)' }),
};

interface NewEnvironment {
  readonly parts: DataPlaneParts;
  readonly starter: Starter;
  readonly version: FunctionVersion;
  readonly hooks: Pick<EnvironmentParts, 'booted' | 'offered' | 'forgotten'>;
  readonly provisioned: boolean;
}

function createEnvironment({ parts, starter, version, hooks, provisioned }: NewEnvironment): Environment {
  const { clock, random } = parts;
  const stream = logStream(version, clock.now(), random);
  return new Environment({
    id: random.hex(8),
    version,
    log: journalOf(parts, version, stream).log,
    clock,
    initMsMax: provisioned || isSnapStarted(version) ? longInitMsMax(version) : initMsMax,
    provisioned,
    versionLabel: versionLabel(parts, version),
    start: (owner) => starter.start({ version, logStream: stream, provisioned }, owner),
    ...hooks,
  });
}

function journalOf(parts: DataPlaneParts, version: FunctionVersion, stream: string): Journal {
  const { accountId, region, configuration } = version;
  const target = { accountId, region, group: configuration.loggingConfig.logGroup, stream };
  return { log: new EnvironmentLog(logOf(parts, version), target, parts.clock, logRules(configuration)), stream };
}

function versionLabel({ runtimes }: DataPlaneParts, { configuration }: FunctionVersion): string {
  return runtimes.get(configuration.runtime)?.versionLabel ?? configuration.runtime;
}

/** Asked at every append: a role can be given more, and less, while an environment lives. */
function logOf({ functionLog, mayLog }: DataPlaneParts, version: FunctionVersion): FunctionLog {
  if (mayLog === undefined) return functionLog;
  return { append: (target, events) => void (mayLog(version, target) && functionLog.append(target, events)) };
}

/** AWS has nobody wait for it (reference: lambda-semantics 2.6). */
function longInitMsMax({ configuration }: FunctionVersion): number {
  return Math.min(900_000, Math.max(130_000, configuration.timeoutSeconds * 1000));
}

/** `2026/11/23/[$LATEST]0123…`; in a group that functions share, the function's name comes before its version. */
export function logStream(version: FunctionVersion, now: number, random: Random): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  const own = version.configuration.loggingConfig.logGroup === `/aws/lambda/${version.name}`;
  return `${day}/${own ? '' : version.name}[${version.version}]${random.hex(16)}`;
}

/** Installing is asked for once a runtime; one that failed is asked for again. */
class InstalledRuntimes {
  readonly #runtimes: ReadonlyMap<string, Runtime>;
  readonly #installed = new Map<string, Promise<InstalledRuntime>>();

  constructor(runtimes: ReadonlyMap<string, Runtime>) {
    this.#runtimes = runtimes;
  }

  get(id: string): Promise<InstalledRuntime> {
    const known = this.#installed.get(id);
    if (known !== undefined) return known;
    const runtime = this.#runtimes.get(id);
    if (runtime === undefined) return Promise.reject(new Error(`This server has no runtime ${id}`));
    const installing = runtime.install({ signal: new AbortController().signal, progress() {} });
    installing.catch(() => this.#installed.delete(id));
    this.#installed.set(id, installing);
    return installing;
  }
}
