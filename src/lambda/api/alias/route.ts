/** Where an alias leads: one version, or two with a share each, and the rules of both (reference: lambda-semantics 1.3 and 1.8). */
import type { AliasConfiguration, AliasRoutingConfiguration } from '@aws-sdk/client-lambda';
import type { Alias } from '../../model/alias.ts';
import { functionNotFound, invalidParameterValue } from '../../model/errors.ts';
import { type FunctionKey, type FunctionVersion, functionArn } from '../../model/function.ts';
import { isVersionNumber, latestQualifier, versionToShow } from '../../model/qualifier.ts';
import type { LambdaParts } from '../parts.ts';

export type Route = Pick<Alias, 'functionVersion' | 'additionalVersionWeights'>;

/** An empty routing configuration clears the one before. */
export function weightsOf(routing: AliasRoutingConfiguration): Alias['additionalVersionWeights'] {
  return { ...routing.AdditionalVersionWeights };
}

/** Throws AWS's error for a route that cannot be. */
export function checkRoute(parts: LambdaParts, key: FunctionKey, route: Route): void {
  const { functionVersion, additionalVersionWeights } = route;
  const [further, ...more] = Object.keys(additionalVersionWeights);
  if (more.length > 0) {
    throw invalidParameterValue('Number of items in AdditionalVersionWeights cannot be greater than 1');
  }
  const version = existing(parts, key, functionVersion);
  if (further === undefined) return;
  if (functionVersion === latestQualifier || further === latestQualifier) {
    throw invalidParameterValue('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (further === functionVersion) {
    throw invalidParameterValue(
      `Invalid function version ${further}. Function version ${further} is already included in routing configuration.`,
    );
  }
  checkAlike(version, existing(parts, key, further));
}

export function renderAlias(key: FunctionKey, alias: Alias): AliasConfiguration {
  const { name, functionVersion, description, additionalVersionWeights, revisionId } = alias;
  const routed = Object.keys(additionalVersionWeights).length > 0;
  return {
    AliasArn: functionArn(key, name),
    Name: name,
    FunctionVersion: functionVersion,
    Description: description,
    RoutingConfig: routed ? { AdditionalVersionWeights: { ...additionalVersionWeights } } : undefined,
    RevisionId: revisionId,
  };
}

function existing(parts: LambdaParts, key: FunctionKey, version: string): FunctionVersion {
  const found =
    version === latestQualifier || isVersionNumber(version) ? versionToShow(parts, key, version) : undefined;
  if (found === undefined) throw functionNotFound(functionArn(key, version));
  return found;
}

/** A caller must not be able to tell by rights or by lost events which of the two it got. */
function checkAlike({ configuration: one }: FunctionVersion, { configuration: other }: FunctionVersion): void {
  if (one.role !== other.role) {
    throw invalidParameterValue('Specified versions must be associated with the same execution role');
  }
  if (one.stored.DeadLetterConfig?.TargetArn !== other.stored.DeadLetterConfig?.TargetArn) {
    throw invalidParameterValue('Specified versions must be associated with the same dead-letter queue');
  }
}
