import type { SandboxPaths, SandboxSpec } from './sandbox.ts';

/** Replaces `{/var/task}`, `{/opt}`, `{/tmp}` and `{<mount target>}` by where these are in this kind of sandbox. */
export function resolvePlaceholders(text: string, paths: SandboxPaths): string {
  return text.replace(/\{(\/[^{}]*)\}/g, (_, target: string) => paths.at(target));
}

export function resolveCommand(spec: SandboxSpec, paths: SandboxPaths): string[] {
  return spec.command.map((argument) => resolvePlaceholders(argument, paths));
}

/** The whole environment of the runtime: the spec's, and where the framed channel is. */
export function resolveEnvironment(
  spec: SandboxSpec,
  paths: SandboxPaths,
  channelPath: string,
): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const [name, value] of Object.entries(spec.environment)) resolved[name] = resolvePlaceholders(value, paths);
  resolved.LAMBENT_CHANNEL = channelPath;
  return resolved;
}
