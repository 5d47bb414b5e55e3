/** What a sandbox runs when a function's runtime starts from nothing, and what the runtime is told of its function. */
import type { FunctionVersion } from '../model/function.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import { commandOf } from './entrypoint.ts';
import type { Assignment } from './link.ts';
import type { Companion } from './sandbox/companions.ts';
import { resolvePlaceholders } from './sandbox/placeholders.ts';
import type { Mount, Placement, Sandbox, SandboxSpec } from './sandbox/sandbox.ts';
import { baseVariables, sandboxVariables } from './variables.ts';

export interface Function {
  readonly version: FunctionVersion;
  readonly runtime: InstalledRuntime;
  readonly variables: Readonly<Record<string, string>>;
}

export interface ColdStart extends Function {
  readonly id: string;
  readonly placement: Placement;
  /** File systems of the function's own. */
  readonly writable: readonly Mount[];
  /** Run beside the runtime. */
  readonly external: readonly Companion[];
}

export async function coldSpec(start: ColdStart): Promise<SandboxSpec> {
  const { id, version, runtime, placement, variables, writable, external } = start;
  const { memorySizeMb, ephemeralStorageMb } = version.configuration;
  return {
    id,
    mounts: runtime.mounts,
    command: open(writable, wrapped(version, runtime.wire, await commandOf(runtime, placement))),
    writable,
    environment: { ...baseVariables(runtime), ...variables },
    tmpBytes: ephemeralStorageMb * 1024 * 1024,
    code: placement,
    companions: external.length === 0 ? undefined : external,
    memoryBytes: memorySizeMb * 1024 * 1024,
    network: true,
  };
}

export function assignmentFor(
  { version, runtime, variables }: Function,
  sandbox: Pick<Sandbox, 'paths' | 'runtimeApi' | 'awsEndpoint'>,
): Assignment {
  const base = Object.entries(runtime.environment).map(([name, value]) => {
    return [name, resolvePlaceholders(value, { mounts: runtime.mounts, paths: sandbox.paths })];
  });
  return {
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
  };
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
