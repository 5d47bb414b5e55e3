import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { deferred } from '../../src/base/deferred.ts';
import { ManualClock } from '../../src/base/manual-clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { Environment } from '../../src/lambda/environments/environment.ts';
import { EnvironmentLog } from '../../src/lambda/environments/environment-log.ts';
import type { Invocation, RuntimeListener } from '../../src/lambda/environments/link.ts';
import { Pool, type PoolSettings } from '../../src/lambda/environments/pool.ts';
import type { ExitReason, Sandbox } from '../../src/lambda/environments/sandbox/sandbox.ts';
import { type RuntimeOwner, StartedRuntime } from '../../src/lambda/environments/started-runtime.ts';
import { Admission } from '../../src/lambda/invoke/admit.ts';
import { Engine } from '../../src/lambda/invoke/engine.ts';
import type { MeteredInvocation } from '../../src/lambda/invoke/meter.ts';
import { InvocationMetrics } from '../../src/lambda/invoke/metrics.ts';
import { Recursion } from '../../src/lambda/invoke/recursion.ts';
import { type MetricSample, sinkTo } from '../../src/lambda/invoke/testing/metric-sink.ts';
import { TraceSampler } from '../../src/lambda/invoke/trace-sampler.ts';
import type { FunctionVersion } from '../../src/lambda/model/function.ts';
import type { LogEvent } from '../../src/observe/function-log.ts';

/** How a simulated function behaves, told by its payload: `{"ms":20,"do":"answer"}`. */
export interface Behaviour {
  readonly ms: number;
  readonly do: 'answer' | 'throw' | 'exit' | 'hang' | 'fatal';
}

/** The real engine and pool on a false clock, over runtimes that are a script: what no real machine repeats. */
export class World {
  readonly clock = new ManualClock();
  readonly events: LogEvent[] = [];
  readonly metered: MeteredInvocation[] = [];
  readonly pool: Pool;
  readonly engine: Engine;
  readonly admission: Admission;
  /** Broken promises, found while it ran. */
  readonly faults: string[] = [];
  /** Told of what runs inside. */
  watch: { began(requestId: string): void; ended(requestId: string): void } = { began() {}, ended() {} };
  /** Until a process runs, before its init. */
  bootMs = 0;
  initMs = 30;
  initOutcome: 'ready' | 'init-error' | 'hang' | 'exit' = 'ready';
  started = 0;
  alive = 0;
  aliveMost = 0;
  memoryMb = 0;
  memoryMbMost = 0;
  #serial = 0;
  readonly #samples: MetricSample[] = [];
  readonly #processes = new Map<ScriptedProcess, FunctionVersion>();

  constructor(settings: Partial<PoolSettings> = {}, concurrentExecutions = 1000) {
    this.pool = new Pool({
      clock: this.clock,
      settings: {
        environmentsMax: 100,
        memoryBudgetMb: 100_000,
        freezeAfterMs: 100,
        idleMsMax: 600_000,
        leaseWaitMsMax: 30_000,
        startingMax: 1000,
        initialisingMax: 1000,
        ...settings,
      },
      startCostMs: () => this.initMs,
      create: (version, hooks, provisioned) =>
        new Environment({
          id: `e-${this.#next()}`,
          version,
          log: this.#log(),
          clock: this.clock,
          initMsMax: 10_000,
          provisioned,
          versionLabel: 'simulated:1.v1',
          start: (owner) => this.#start(version, owner),
          ...hooks,
        }),
    });
    this.admission = new Admission({ limit: concurrentExecutions, clock: this.clock });
    this.engine = new Engine({
      clock: this.clock,
      random: systemRandom,
      pool: this.pool,
      admission: this.admission,
      metrics: new InvocationMetrics(
        sinkTo((sample) => void this.#samples.push(sample)),
        this.admission,
      ),
      recursion: new Recursion(),
      sampler: new TraceSampler({ clock: this.clock, random: systemRandom }),
      meter: { record: (invocation) => this.metered.push(invocation), allocated() {} },
      persist() {},
    });
  }

  invoke(version: FunctionVersion, behaviour: Behaviour, background = false) {
    return this.engine.invoke({
      version,
      invokedArn: 'arn',
      requestId: `r-${this.#next()}`,
      payload: Buffer.from(JSON.stringify(behaviour)),
      logTail: true,
      background,
    });
  }

  /** The account's own number. */
  counted(name: string): number {
    const own = this.#samples.filter((sample) => sample.name === name && sample.dimensions.length === 0);
    return own.reduce((sum, { value }) => sum + value, 0);
  }

  /** How many processes of this version there are. */
  aliveOf({ id }: FunctionVersion): number {
    return [...this.#processes.values()].filter((version) => version.id === id).length;
  }

  /** Some process ends by itself. */
  killOne(): void {
    const [first] = this.#processes.keys();
    first?.die({ signal: 'SIGKILL' });
  }

  #next(): number {
    this.#serial += 1;
    return this.#serial;
  }

  #log(): EnvironmentLog {
    const target = { accountId: '000000000000', region: 'us-east-1', group: 'g', stream: 's' };
    return new EnvironmentLog({ append: (_target, events) => this.events.push(...events) }, target, this.clock);
  }

  async #start(version: FunctionVersion, owner: RuntimeOwner): Promise<StartedRuntime> {
    this.started += 1;
    this.#count(version, 1);
    if (this.bootMs > 0) await new Promise<void>((resolve) => this.clock.after(this.bootMs, resolve));
    const process = new ScriptedProcess(this.clock, () => {
      this.#count(version, -1);
      this.#processes.delete(process);
    });
    this.#processes.set(process, version);
    const started = new StartedRuntime(process.sandbox, {
      id: 'simulated',
      wire: 'framed',
      generic: true,
      mounts: [],
      command: [],
      environment: {},
      coldVariables: [],
    });
    started.own(owner);
    started.attach(process.link(started.listener, this));
    process.initialise(this.initOutcome, this.initMs);
    return started;
  }

  #count({ configuration }: FunctionVersion, by: 1 | -1): void {
    this.alive += by;
    this.memoryMb += by * configuration.memorySizeMb;
    this.aliveMost = Math.max(this.aliveMost, this.alive);
    this.memoryMbMost = Math.max(this.memoryMbMost, this.memoryMb);
  }
}

class ScriptedProcess {
  readonly #clock: ManualClock;
  readonly #exit = deferred<ExitReason>();
  readonly #ended: () => void;
  #listener: RuntimeListener = () => {};
  #dead = false;
  #watch: World['watch'] | undefined;
  #running: string | undefined;
  frozen = false;

  constructor(clock: ManualClock, ended: () => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  readonly sandbox: Sandbox = {
    id: 'scripted',
    paths: { task: '/var/task', opt: '/opt', tmp: '/tmp', at: (target) => target },
    channel: new Promise(() => {}),
    output: new PassThrough(),
    exited: this.#exit.promise,
    runtimeApi: '',
    awsEndpoint: '',
    place: async () => {},
    setMemoryLimit() {},
    setCpuLimit() {},
    freeze: () => {
      this.frozen = true;
    },
    thaw: () => {
      this.frozen = false;
    },
    connect: () => new Socket(),
    terminate() {},
    kill: async () => this.die({ signal: 'SIGKILL' }),
    memoryPeak: () => 50 * 1024 * 1024,
    outOfMemoryKills: () => 0,
  };

  link(listener: RuntimeListener, { faults, watch }: Pick<World, 'faults' | 'watch'>) {
    this.#listener = listener;
    this.#watch = watch;
    return {
      assign() {},
      close() {},
      invoke: (invocation: Invocation) => {
        if (this.#dead) faults.push('an invocation was sent to a dead runtime');
        if (this.#running !== undefined) faults.push('two invocations in one environment');
        if (this.frozen) faults.push('an invocation was sent to a frozen environment');
        this.#running = invocation.requestId;
        watch.began(invocation.requestId);
        this.#run(JSON.parse(invocation.payload.toString()));
      },
    };
  }

  initialise(outcome: World['initOutcome'], ms: number): void {
    if (outcome === 'hang') return;
    this.#clock.after(ms, () => {
      if (outcome === 'exit') return this.die({ code: 1 });
      if (outcome === 'ready') return this.#say({ type: 'ready' });
      this.#say({
        type: 'init-error',
        body: Buffer.from('{"errorType":"Runtime.ImportModuleError"}'),
        errorType: 'Runtime.ImportModuleError',
      });
    });
  }

  #run({ ms, do: what }: Behaviour): void {
    if (what === 'hang') return;
    this.#clock.after(ms, () => {
      this.#over();
      if (what === 'exit') return this.die({ code: 3 });
      if (what === 'answer') return this.#say({ type: 'response', payload: Buffer.from('"ok"') });
      this.#say({
        type: 'error',
        body: Buffer.from('{"errorType":"Error"}'),
        errorType: 'Error',
        fatal: what === 'fatal',
      });
      if (what === 'fatal') this.die({ code: 129 });
    });
  }

  #say(event: Parameters<RuntimeListener>[0]): void {
    if (!this.#dead) this.#listener(event);
  }

  #over(): void {
    if (this.#running !== undefined) this.#watch?.ended(this.#running);
    this.#running = undefined;
  }

  die(reason: ExitReason): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#over();
    this.#ended();
    this.#listener({ type: 'closed' });
    this.#exit.resolve(reason);
  }
}

let versions = 0;

export function aVersion({ memorySizeMb = 128, timeoutSeconds = 3, name = 'f' } = {}): FunctionVersion {
  versions += 1;
  return {
    id: `v-${versions}`,
    accountId: '000000000000',
    region: 'us-east-1',
    name,
    version: '$LATEST',
    configuration: {
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      role: 'arn:aws:iam::000000000000:role/r',
      description: '',
      memorySizeMb,
      timeoutSeconds,
      ephemeralStorageMb: 512,
      architecture: 'x86_64',
      packageType: 'Zip',
      tracingMode: 'PassThrough',
      loggingConfig: { logFormat: 'Text', logGroup: `/aws/lambda/${name}` },
      stored: {},
    },
    code: { sha256: 'x', size: 1, unzippedSize: 1 },
    revisionId: 'r',
    lastModified: 0,
    state: { value: 'Active' },
  };
}
