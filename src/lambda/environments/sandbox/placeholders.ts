import { companionsCommand } from './companions.ts';
import type { Sandbox, SandboxPaths, SandboxSpec } from './sandbox.ts';

/** Replaces `{/var/task}`, `{/opt}`, `{/tmp}` and `{<mount target>}` by where these are in this kind of sandbox. */
export function resolvePlaceholders(text: string, { mounts, paths }: Places): string {
  // Anything else in braces is the function's own business.
  const known = new Set(['/var/task', '/opt', '/tmp', ...mounts.map(({ target }) => target)]);
  return text.replace(/\{(\/[^{}]*)\}/g, (whole, target: string) => (known.has(target) ? paths.at(target) : whole));
}

interface Places {
  readonly mounts: SandboxSpec['mounts'];
  readonly paths: SandboxPaths;
}

/** `folder` is where the sandbox sees the pipes of its companions, if it has some. */
export function resolveCommand(
  { command, companions, mounts }: SandboxSpec,
  paths: SandboxPaths,
  folder: string,
): string[] {
  const resolved = (words: readonly string[]) => words.map((word) => resolvePlaceholders(word, { mounts, paths }));
  if (companions === undefined) return resolved(command);
  return companionsCommand({
    folder,
    command: resolved(command),
    companions: companions.map((companion) => resolved(companion.command)),
  });
}

/** The whole environment of the runtime: the spec's, and what only the kind knows of where things are. */
export function resolveEnvironment(
  { environment, mounts }: SandboxSpec,
  { paths, runtimeApi, awsEndpoint }: Pick<Sandbox, 'paths' | 'runtimeApi' | 'awsEndpoint'>,
  channelPath: string,
): Record<string, string> {
  const resolved: Record<string, string> = {
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: paths.task,
  };
  for (const [name, value] of Object.entries(environment)) {
    resolved[name] = resolvePlaceholders(value, { mounts, paths });
  }
  resolved.LAMBENT_CHANNEL = channelPath;
  return resolved;
}
