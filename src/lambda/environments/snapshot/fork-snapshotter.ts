import type { Clock } from '../../../base/clock.ts';
import { within } from '../../../base/deadline.ts';
import type { Random } from '../../../base/random.ts';
import type { FunctionVersion } from '../../model/function.ts';
import type { InstalledRuntime } from '../../runtimes/runtime.ts';
import { assignmentFor, coldSpec } from '../cold-start.ts';
import { externalExtensions } from '../extensions-api/external.ts';
import { exitText } from '../log-lines.ts';
import type { Placement, Sandbox, SandboxKind } from '../sandbox/sandbox.ts';
import { functionVariables, type RoleCredentials } from '../variables.ts';
import type { Journal, Snapshotter, Taken } from './snapshotter.ts';
import { Template } from './template.ts';
import { TemplateLink } from './template-link.ts';

const helloWaitMsMax = 10_000;
/** A channel that closes is followed by an exit. */
const exitWaitMsMax = 2_000;
const killed = { signal: 'SIGKILL' } as const;

export interface ForkSnapshotterParts {
  readonly kind: SandboxKind;
  readonly clock: Clock;
  readonly random: Random;
  placement(version: FunctionVersion): Promise<Placement>;
  hold(version: FunctionVersion): Disposable;
  runtime(version: FunctionVersion): Promise<InstalledRuntime>;
  credentials(version: FunctionVersion): RoleCredentials;
  initMsMax(version: FunctionVersion): number;
}

interface Prepared {
  readonly version: FunctionVersion;
  readonly runtime: InstalledRuntime;
  readonly placement: Placement;
}

/** Initialises a version in a process, and forks that. */
export class ForkSnapshotter implements Snapshotter {
  readonly #parts: ForkSnapshotterParts;

  constructor(parts: ForkSnapshotterParts) {
    this.#parts = parts;
  }

  async take(version: FunctionVersion, journal: Journal): Promise<Taken> {
    const { placement, runtime, hold } = this.#parts;
    using held = new DisposableStack();
    held.use(hold(version));
    const prepared = { version, runtime: await runtime(version), placement: await placement(version) };
    const why = await this.#obstacle(prepared);
    if (why !== undefined) return { kind: 'unfit', why };
    return await this.#initialise(prepared, journal, held);
  }

  /** What can be told before anything runs. */
  async #obstacle({ version, runtime, placement }: Prepared): Promise<string | undefined> {
    if (!runtime.copies) return `processes of ${version.configuration.runtime} cannot be copied`;
    if (this.#parts.kind.copiesNothing !== undefined) return this.#parts.kind.copiesNothing;
    if (version.configuration.stored.FileSystemConfigs !== undefined) return 'it has a file system of its own';
    const external = await externalExtensions(placement);
    return external.length > 0 ? `extensions run beside it: ${external.map(({ name }) => name).join(', ')}` : undefined;
  }

  async #initialise(prepared: Prepared, { log, stream }: Journal, held: DisposableStack): Promise<Taken> {
    const { kind, clock, random, credentials } = this.#parts;
    const { version } = prepared;
    const variables = functionVariables({
      version,
      logStream: stream,
      provisioned: false,
      credentials: credentials(version),
    });
    const start = { ...prepared, id: `t-${random.hex(8)}`, variables, writable: [], external: [] };
    const sandbox = await kind.start(await coldSpec(start));
    sandbox.output.on('data', (chunk: Buffer) => log.raw(chunk));
    sandbox.output.on('error', () => {});
    try {
      const socket = await within(clock, helloWaitMsMax, sandbox.channel, 'The runtime did not connect in time');
      const link = new TemplateLink(socket, clock, (message, timestamp) => log.line(message, timestamp));
      const refused = await this.#load(link, start, sandbox);
      if (refused === undefined) {
        const kept = held.move();
        return { kind: 'taken', snapshot: new Template({ ...this.#parts, ...prepared, sandbox, link, kept }) };
      }
      await sandbox.kill();
      return refused;
    } catch (error) {
      await sandbox.kill();
      throw error;
    } finally {
      log.endOutput();
    }
  }

  /** Undefined when the function is loaded and can be copied. */
  async #load(
    link: TemplateLink,
    start: Parameters<typeof assignmentFor>[0],
    sandbox: Sandbox,
  ): Promise<Taken | undefined> {
    const hello = await link.next(helloWaitMsMax);
    if (hello?.type === 'hello') link.initialise(assignmentFor(start, sandbox));
    const limitMs = this.#parts.initMsMax(start.version);
    const late = `Init timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
    const said = await link.next(limitMs).catch(() => 'late' as const);
    if (said === 'late') return { kind: 'failed', errorType: 'Sandbox.Timedout', message: late };
    if (said?.type === 'ready') return undefined;
    if (said?.type === 'unfit') return { kind: 'unfit', why: said.why };
    if (said?.type === 'failed') return { kind: 'failed', errorType: said.errorType, message: said.message };
    // It closed its channel, or said what nobody asked for: if it has not ended yet, it will not live on.
    link.close();
    const exit = await within(this.#parts.clock, exitWaitMsMax, sandbox.exited, 'it lives on').catch(() => killed);
    const message = exitText(exit);
    const outOfMemory = sandbox.outOfMemoryKills() > 0;
    return { kind: 'failed', errorType: outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError', message };
  }
}
