import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { runtimeVersionArn } from '../../environments/log-lines.ts';
import type { FunctionVersion } from '../../model/function.ts';
import { renderFunction } from '../../model/render.ts';
import type { LambdaParts } from '../parts.ts';

/** As operations on one function answer it: with the build of its runtime, the same as in its log. Lists leave that out. */
export function shownFunction(
  { runtimes }: Pick<LambdaParts, 'runtimes'>,
  version: FunctionVersion,
  qualifier?: string,
): FunctionConfiguration {
  const label = runtimes.get(version.configuration.runtime)?.versionLabel;
  return {
    ...renderFunction(version, qualifier),
    // One whose runtime this server has no more has none.
    RuntimeVersionConfig:
      label === undefined ? undefined : { RuntimeVersionArn: runtimeVersionArn(label, version.region) },
  };
}
