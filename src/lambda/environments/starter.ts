import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { FunctionVersion } from '../model/function.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import { connectFramed } from './connect.ts';
import type { RuntimeLink, RuntimeListener } from './link.ts';
import type { Placement, SandboxKind } from './sandbox/sandbox.ts';
import { type RuntimeOwner, StartedRuntime } from './started-runtime.ts';
import { baseVariables, functionVariables, type RoleCredentials, sandboxVariables } from './variables.ts';
import { type WarmPool, warmTmpMb } from './warm-pool.ts';

export interface StarterParts {
  readonly kind: SandboxKind;
  readonly clock: Clock;
  readonly random: Random;
  readonly warm: WarmPool;
  /** The unpacked code of a version. */
  placement(version: FunctionVersion): Promise<Placement>;
  runtime(version: FunctionVersion): Promise<InstalledRuntime>;
  credentials(version: FunctionVersion): RoleCredentials;
  httpLink(environmentId: string, listener: RuntimeListener): RuntimeLink;
}

/** Brings a function's runtime up to the point where it loads the function: from a waiting one, or from nothing. */
export class Starter {
  readonly #parts: StarterParts;

  constructor(parts: StarterParts) {
    this.#parts = parts;
  }

  /** `owner` hears of everything from the first moment on; it waits for `ready`, and discards what comes back. */
  async start(version: FunctionVersion, logStream: string, owner: RuntimeOwner): Promise<StartedRuntime> {
    const runtime = await this.#parts.runtime(version);
    const placement = await this.#parts.placement(version);
    const variables = functionVariables({ version, logStream, credentials: this.#parts.credentials(version) });
    const waiting = this.#eligible(version, runtime) ? this.#parts.warm.take(runtime.id) : undefined;
    if (waiting !== undefined) return this.#assign({ started: waiting, version, placement, variables }, owner);
    return this.#startCold({ version, runtime, placement, variables }, owner);
  }

  /** What cannot be told to a process that already runs makes a function start cold. */
  #eligible(version: FunctionVersion, runtime: InstalledRuntime): boolean {
    const { environment = {}, ephemeralStorageMb } = version.configuration;
    return (
      runtime.generic &&
      ephemeralStorageMb === warmTmpMb &&
      !runtime.coldVariables.some((name) => environment[name] !== undefined)
    );
  }

  async #assign(given: Given, owner: RuntimeOwner): Promise<StartedRuntime> {
    const { started, version, placement } = given;
    started.own(owner);
    await started.sandbox.place(placement);
    started.sandbox.setMemoryLimit(version.configuration.memorySizeMb * 1024 * 1024);
    this.#tell(given);
    return started;
  }

  async #startCold(
    given: Omit<Given, 'started'> & { runtime: InstalledRuntime },
    owner: RuntimeOwner,
  ): Promise<StartedRuntime> {
    const { version, runtime, placement, variables } = given;
    const { kind, clock, random } = this.#parts;
    const sandbox = await kind.start({
      id: `e-${random.hex(8)}`,
      mounts: runtime.mounts,
      command: runtime.command,
      environment: { ...baseVariables(runtime), ...variables },
      tmpBytes: version.configuration.ephemeralStorageMb * 1024 * 1024,
      code: placement,
      memoryBytes: version.configuration.memorySizeMb * 1024 * 1024,
      network: true,
    });
    const started = new StartedRuntime(sandbox, runtime);
    started.own(owner);
    if (runtime.wire === 'http') {
      started.attach(this.#parts.httpLink(sandbox.id, started.listener));
      return started;
    }
    await connectFramed(started, clock);
    this.#tell({ ...given, started });
    return started;
  }

  #tell({ started, version, variables }: Given): void {
    started.link.assign({
      handler: version.configuration.handler,
      taskRoot: started.sandbox.paths.task,
      environment: {
        AWS_ENDPOINT_URL: started.sandbox.awsEndpoint,
        ...variables,
        ...sandboxVariables(started.sandbox),
      },
    });
  }
}

interface Given {
  readonly started: StartedRuntime;
  readonly version: FunctionVersion;
  readonly placement: Placement;
  readonly variables: Record<string, string>;
}
