import type { FunctionVersion } from './function.ts';

/**
 * Whether the version was published to start from a snapshot. There is none here: a copy that was forked from a template
 * cannot leave the template's sandbox, since entering another's namespaces takes privileges that must be gone before code
 * of a function runs. So each environment initialises in its own, and hooks run as if it had been restored.
 */
export function isSnapStarted({ version, configuration }: FunctionVersion): boolean {
  return version !== '$LATEST' && configuration.stored.SnapStart?.ApplyOn === 'PublishedVersions';
}
