import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import { connectFramed } from './connect.ts';
import { commandOf } from './entrypoint.ts';
import type { FileSystems } from './file-systems.ts';
import type { RuntimeEvent, RuntimeLink, RuntimeListener } from './link.ts';
import { bringsNativeLibraries } from './native-libraries.ts';
import { resolvePlaceholders } from './sandbox/placeholders.ts';
import type { Mount, Placement, SandboxKind } from './sandbox/sandbox.ts';
import { type RuntimeOwner, StartedRuntime } from './started-runtime.ts';
import { baseVariables, functionVariables, type RoleCredentials, sandboxVariables } from './variables.ts';
import { type WarmPool, warmTmpMb } from './warm-pool.ts';

export interface StarterParts {
  readonly kind: SandboxKind;
  readonly clock: Clock;
  readonly random: Random;
  readonly warm: WarmPool;
  readonly fileSystems: FileSystems;
  /** The unpacked code of a version. */
  placement(version: FunctionVersion): Promise<Placement>;
  /** Keeps that code where it is. */
  hold(version: FunctionVersion): Disposable;
  runtime(version: FunctionVersion): Promise<InstalledRuntime>;
  credentials(version: FunctionVersion): RoleCredentials;
  httpLink(environmentId: string, listener: RuntimeListener): RuntimeLink;
}

export interface Start {
  readonly version: FunctionVersion;
  readonly logStream: string;
  readonly provisioned: boolean;
}

/** Brings a function's runtime up to the point where it loads the function: from a waiting one, or from nothing. */
export class Starter {
  readonly #parts: StarterParts;

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
    const waiting = this.#eligible(version, runtime, placement) ? this.#parts.warm.take(runtime.id) : undefined;
    const started =
      waiting === undefined
        ? await this.#startCold({ version, runtime, placement, variables, owner })
        : await this.#assign({ started: waiting, version, placement, variables, runtime }, owner);
    started.keep(held.move());
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

  async #assign(given: Given & { runtime: InstalledRuntime }, owner: RuntimeOwner): Promise<StartedRuntime> {
    const { started, version, placement } = given;
    started.own(owner);
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

  async #startCold({ owner, ...given }: Cold): Promise<StartedRuntime> {
    const { version, runtime, placement, variables } = given;
    const { kind, clock, random, fileSystems } = this.#parts;
    const writable = fileSystems.mountsOf(version);
    const id = `e-${random.hex(8)}`;
    const http = runtime.wire === 'http' ? new HttpWire(id, this.#parts.httpLink) : undefined;
    const { memorySizeMb, ephemeralStorageMb } = version.configuration;
    const sandbox = await kind.start({
      id,
      mounts: runtime.mounts,
      command: open(writable, wrapped(version, runtime.wire, await commandOf(runtime, placement))),
      writable,
      environment: { ...baseVariables(runtime), ...variables },
      tmpBytes: ephemeralStorageMb * 1024 * 1024,
      code: placement,
      memoryBytes: memorySizeMb * 1024 * 1024,
      network: true,
    });
    const started = new StartedRuntime(sandbox, runtime);
    started.own(owner);
    if (http !== undefined) http.connect(started);
    else {
      await connectFramed(started, clock);
      this.#tell({ ...given, started });
    }
    return started;
  }

  #tell({ started, version, variables, runtime }: Given & { runtime: InstalledRuntime }): void {
    const { sandbox } = started;
    const base = Object.entries(runtime.environment).map(([name, value]) => {
      return [name, resolvePlaceholders(value, { mounts: runtime.mounts, paths: sandbox.paths })];
    });
    started.link.assign({
      handler: version.configuration.handler,
      taskRoot: sandbox.paths.task,
      optRoot: sandbox.paths.opt,
      environment: {
        // Again, since where the code lies was not known when a waiting process was started.
        ...Object.fromEntries(base),
        AWS_ENDPOINT_URL: sandbox.awsEndpoint,
        ...variables,
        ...sandboxVariables(sandbox),
      },
    });
  }
}

/** A script of the function's own may stand in front of the runtime, and change how it is started. */
function wrapped(
  { configuration }: FunctionVersion,
  wire: InstalledRuntime['wire'],
  command: readonly string[],
): readonly string[] {
  const wrapper = configuration.environment?.AWS_LAMBDA_EXEC_WRAPPER;
  if (wrapper === undefined || wire === 'http') return command;
  // A plain process has its code and its layers elsewhere.
  return [wrapper.replace(/^(\/opt|\/var\/task)(?=\/)/, '{$1}'), ...command];
}

/**
 * Environments are different users of this machine, and what one leaves in a file system the next must be able to change,
 * as on EFS, where an access point makes all of them the same user.
 */
function open(writable: readonly Mount[], command: readonly string[]): readonly string[] {
  return writable.length === 0 ? command : ['/bin/sh', '-c', 'umask 0 && exec "$@"', 'sh', ...command];
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

interface Given {
  readonly started: StartedRuntime;
  readonly version: FunctionVersion;
  readonly placement: Placement;
  readonly variables: Record<string, string>;
}

interface Cold extends Omit<Given, 'started'> {
  readonly runtime: InstalledRuntime;
  readonly owner: RuntimeOwner;
}
