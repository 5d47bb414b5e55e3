import { invalidParameterValue } from '../../model/errors.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import { type NameContext, namedFunction } from '../../model/names.ts';
import { versionToShow } from '../../model/qualifier.ts';
import type { LambdaParts } from '../parts.ts';

export interface TargetFunction {
  /** As a mapping keeps it: the version or alias by which it was named stays. */
  readonly target: Pick<Mapping, 'accountId' | 'region' | 'functionName' | 'qualifier'>;
  readonly timeoutSeconds: number;
}

/** The function that a mapping is to invoke; it has to be there when the mapping is written. */
export function targetFunction(
  parts: Pick<LambdaParts, 'functions' | 'resources'>,
  name: string | undefined,
  context: NameContext,
): TargetFunction {
  const { key, qualifier } = namedFunction(name, context);
  const version = versionToShow(parts, key, qualifier);
  if (version === undefined) throw invalidParameterValue('Function does not exist');
  const { accountId, region, name: functionName } = key;
  const { timeoutSeconds } = version.configuration;
  return { target: { accountId, region, functionName, qualifier }, timeoutSeconds };
}
