import { invalidParameterValue } from '../../model/errors.ts';
import type { FunctionKey } from '../../model/function.ts';
import type { Mapping } from '../../model/mapping/mapping.ts';
import { type NameContext, namedFunction } from '../../model/names.ts';
import { ownedKey, type ResourceStore, versionName } from '../../model/resources.ts';
import type { LambdaParts } from '../parts.ts';

export interface TargetFunction {
  /** As a mapping keeps it: the version or alias by which it was named stays. */
  readonly target: Pick<Mapping, 'accountId' | 'region' | 'functionName' | 'qualifier'>;
  readonly timeoutSeconds: number;
}

/** The function that a mapping is to invoke; it has to be there when the mapping is written. */
export function targetFunction(
  { functions, resources }: Pick<LambdaParts, 'functions' | 'resources'>,
  name: string | undefined,
  context: NameContext,
): TargetFunction {
  const { key, qualifier } = namedFunction(name, context);
  const record = functions.get(key);
  if (record === undefined || !hasQualifier(resources, key, qualifier)) {
    throw invalidParameterValue('Function does not exist');
  }
  const { accountId, region, name: functionName } = key;
  const { timeoutSeconds } = record.latest.configuration;
  return { target: { accountId, region, functionName, qualifier }, timeoutSeconds };
}

function hasQualifier(resources: ResourceStore, key: FunctionKey, qualifier: string | undefined): boolean {
  if (qualifier === undefined || qualifier === '$LATEST') return true;
  if (/^\d+$/.test(qualifier)) return resources.get('version', ownedKey(key, versionName(qualifier))) !== undefined;
  return resources.get('alias', ownedKey(key, qualifier)) !== undefined;
}
