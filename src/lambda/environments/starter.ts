import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import { assignmentFor, coldSpec } from './cold-start.ts';
import { connectFramed, greeted } from './connect.ts';
import { Accompaniment } from './extensions-api/accompaniment.ts';
import type { Extensions } from './extensions-api/extensions.ts';
import { externalExtensions } from './extensions-api/external.ts';
import type { FileSystems } from './file-systems.ts';
import type { RuntimeEvent, RuntimeLink, RuntimeListener } from './link.ts';
import { bringsNativeLibraries } from './native-libraries.ts';
import type { Companion } from './sandbox/companions.ts';
import type { Placement, SandboxKind } from './sandbox/sandbox.ts';
import type { Snapshots } from './snapshot/snapshots.ts';
import { type RuntimeOwner, StartedRuntime } from './started-runtime.ts';
import { functionVariables, type RoleCredentials } from './variables.ts';
import { type WarmPool, warmTmpMb } from './warm-pool.ts';

export interface StarterParts {
  readonly kind: SandboxKind;
  readonly clock: Clock;
  readonly random: Random;
  readonly warm: WarmPool;
  readonly snapshots: Pick<Snapshots, 'restored'>;
  readonly fileSystems: FileSystems;
  /** The unpacked code of a version. */
  placement(version: FunctionVersion): Promise<Placement>;
  /** Keeps that code where it is. */
  hold(version: FunctionVersion): Disposable;
  runtime(version: FunctionVersion): Promise<InstalledRuntime>;
  credentials(version: FunctionVersion): RoleCredentials;
  httpLink(environmentId: string, listener: RuntimeListener): RuntimeLink;
  /** From now on what calls from inside that sandbox is answered by these, until they are let go. */
  httpExtensions(sandboxId: string, extensions: Extensions): Disposable;
}

export interface Start {
  readonly version: FunctionVersion;
  readonly logStream: string;
  readonly provisioned: boolean;
}

/** Brings a function's runtime up to the point where it loads the function: from a waiting one, or from nothing. */
export class Starter {
  readonly #parts: StarterParts;
  readonly #running = new Set<StartedRuntime>();

  constructor(parts: StarterParts) {
    this.#parts = parts;
  }

  /** `owner` hears of everything from the first moment on; it waits for `ready`, and discards what comes back. */
  async start({ version, logStream, provisioned }: Start, owner: RuntimeOwner): Promise<StartedRuntime> {
    const runtime = await this.#parts.runtime(version);
    using held = new DisposableStack();
    held.use(this.#parts.hold(version));
    const placement = await this.#parts.placement(version);
    const credentials = this.#parts.credentials(version);
    const variables = functionVariables({ version, logStream, provisioned, credentials });
    const given = { version, runtime, placement, variables };
    const copy = provisioned ? undefined : await this.#parts.snapshots.restored(version);
    owner.begins(copy === undefined ? 'init' : 'restore');
    const started =
      copy === undefined ? await this.#initialise(given, owner) : this.#restore({ ...given, started: copy }, owner);
    this.#running.add(started);
    held.defer(() => this.#running.delete(started));
    started.keep(held.move());
    return started;
  }

  /** Resolves when what was discarded has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(
      [...this.#running].filter(({ discarded }) => discarded).map((started) => started.discard()),
    );
  }

  async #initialise(given: Omit<Given, 'started'>, owner: RuntimeOwner): Promise<StartedRuntime> {
    const { version, runtime, placement } = given;
    const external = await externalExtensions(placement);
    const eligible = external.length === 0 && this.#eligible(version, runtime, placement);
    const waiting = eligible ? this.#parts.warm.take(runtime.id) : undefined;
    if (waiting === undefined) return this.#startCold({ ...given, owner, external });
    return this.#assign({ ...given, started: waiting }, owner);
  }

  /** It has its code, and has run it. */
  #restore(given: Given, owner: RuntimeOwner): StartedRuntime {
    const { started, version } = given;
    started.own(owner);
    this.#beside(started.sandbox.id, { version, owner, external: [] }).join(started, this.#parts.clock);
    this.#tell(given);
    return started;
  }

  /** What cannot be told to a process that already runs makes a function start cold. */
  #eligible(version: FunctionVersion, runtime: InstalledRuntime, placement: Placement): boolean {
    const { environment = {}, ephemeralStorageMb } = version.configuration;
    return (
      runtime.generic &&
      version.configuration.stored.FileSystemConfigs === undefined &&
      ephemeralStorageMb === warmTmpMb &&
      !runtime.coldVariables.some((name) => environment[name] !== undefined) &&
      !bringsNativeLibraries(placement)
    );
  }

  async #assign(given: Given, owner: RuntimeOwner): Promise<StartedRuntime> {
    const { started, version, placement } = given;
    started.own(owner);
    this.#beside(started.sandbox.id, { version, owner, external: [] }).join(started, this.#parts.clock);
    try {
      await started.sandbox.place(placement);
    } catch (error) {
      void started.discard();
      throw error;
    }
    started.sandbox.setMemoryLimit(version.configuration.memorySizeMb * 1024 * 1024);
    this.#tell(given);
    return started;
  }

  async #startCold({ owner, external, ...given }: Cold): Promise<StartedRuntime> {
    const { version, runtime } = given;
    const { kind, clock, random, fileSystems } = this.#parts;
    const writable = fileSystems.mountsOf(version);
    const id = `e-${random.hex(8)}`;
    const http = runtime.wire === 'http' ? new HttpWire(id, this.#parts.httpLink) : undefined;
    const beside = this.#beside(id, { version, owner, external });
    using undo = new DisposableStack();
    undo.use(beside);
    const sandbox = await kind.start(await coldSpec({ ...given, id, writable, external }));
    const started = new StartedRuntime(sandbox, runtime);
    started.own(owner);
    undo.move();
    beside.join(started, clock);
    if (http !== undefined && external.length === 0) http.connect(started);
    else if (external.length === 0) {
      await connectFramed(started, clock);
      this.#tell({ ...given, started });
    } else void this.#afterExtensions({ ...given, started }, http);
    return started;
  }

  /** The runtime starts when every external extension has registered, if the environment is there still. */
  async #afterExtensions(given: Given, http: HttpWire | undefined): Promise<void> {
    const { started } = given;
    try {
      await started.extensions?.registered;
      started.sandbox.companions?.startCommand();
      if (http !== undefined) return http.connect(started);
      await greeted(started, this.#parts.clock);
      this.#tell(given);
    } catch (error) {
      started.listener({ type: 'violation', why: error instanceof Error ? error.message : String(error) });
    }
  }

  #beside(sandboxId: string, { version, owner, external }: Beside): Accompaniment {
    const { name, accountId, configuration } = version;
    return new Accompaniment({
      external: external.map((companion) => companion.name),
      facts: { functionName: name, functionVersion: version.version, handler: configuration.handler, accountId },
      random: this.#parts.random,
      telemetry: owner.telemetry,
      early: (event) => owner.extensions(event),
      open: (extensions) => this.#parts.httpExtensions(sandboxId, extensions),
    });
  }

  #tell({ started, ...given }: Given): void {
    started.link.assign(assignmentFor(given, started.sandbox));
  }
}

/** The Runtime API has to know an environment before its process can call: what it says first is kept until then. */
class HttpWire {
  readonly #link: RuntimeLink;
  readonly #early: RuntimeEvent[] = [];
  #started: StartedRuntime | undefined;

  constructor(id: string, httpLink: StarterParts['httpLink']) {
    this.#link = httpLink(id, (event) => {
      if (this.#started === undefined) this.#early.push(event);
      else this.#started.listener(event);
    });
  }

  connect(started: StartedRuntime): void {
    started.attach(this.#link);
    this.#started = started;
    // Behind the caller's back: it has to hold what was started before it hears of it.
    queueMicrotask(() => queueMicrotask(() => this.#early.splice(0).forEach(started.listener)));
  }
}

interface Beside {
  readonly version: FunctionVersion;
  readonly owner: RuntimeOwner;
  readonly external: readonly Companion[];
}

interface Given {
  readonly started: StartedRuntime;
  readonly version: FunctionVersion;
  readonly runtime: InstalledRuntime;
  readonly placement: Placement;
  readonly variables: Record<string, string>;
}

type Cold = Omit<Given, 'started'> & Beside;
