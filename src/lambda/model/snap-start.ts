import type { FunctionVersion } from './function.ts';

/** Whether the version was published to start from a snapshot. `optimization` says whether it does. */
export function isSnapStarted({ version, configuration }: Pick<FunctionVersion, 'version' | 'configuration'>): boolean {
  return version !== '$LATEST' && configuration.stored.SnapStart?.ApplyOn === 'PublishedVersions';
}
